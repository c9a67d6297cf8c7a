/* C_GetFunctionList fails with CKR_GENERAL_ERROR. */
__attribute__((visibility("default"))) unsigned long C_GetFunctionList(void **list) {
  *list = 0;
  return 0x5;
}
