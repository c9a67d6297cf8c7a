/* A library, but not a PKCS#11 library: C_GetFunctionList is missing. */
__attribute__((visibility("default"))) int not_pkcs11(void) { return 1; }
