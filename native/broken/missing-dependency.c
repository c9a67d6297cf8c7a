/* Linked against libtokenglass-absent.so.1, which is on no machine. */
extern int tokenglass_absent(void);
__attribute__((visibility("default"))) unsigned long C_GetFunctionList(void **list) {
  *list = 0;
  return (unsigned long)tokenglass_absent();
}
