/* Faults in its constructor, before dlopen returns. */
__attribute__((constructor)) static void fault(void) {
  volatile int *volatile nowhere = 0;
  *nowhere = 1;
}
__attribute__((visibility("default"))) unsigned long C_GetFunctionList(void **list) {
  *list = 0;
  return 0x5;
}
