/* Ends the whole process with exit(3) in C_Initialize. */
#include <pkcs11.h>
#include <stdlib.h>
static CK_RV initialize(CK_VOID_PTR arguments) {
  (void)arguments;
  exit(3);
}
static CK_FUNCTION_LIST list = {.version = {2, 40}, .C_Initialize = initialize};
__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
  *out = &list;
  return CKR_OK;
}
