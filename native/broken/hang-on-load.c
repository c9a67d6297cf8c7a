/* Never comes back from its constructor, so dlopen does not return. */
#include <unistd.h>
__attribute__((constructor)) static void hang(void) {
  for (;;) sleep(1000);
}
__attribute__((visibility("default"))) unsigned long C_GetFunctionList(void **list) {
  *list = 0;
  return 0x5;
}
