/* A token whose module prints the PIN to standard output and standard error, then crashes on it. */
#include <pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_RV initialize(CK_VOID_PTR arguments) {
  (void)arguments;
  return CKR_OK;
}
static CK_RV get_info(CK_INFO_PTR info) {
  memset(info, ' ', sizeof *info);
  return CKR_OK;
}
static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  (void)present;
  if (slots) slots[0] = 0;
  *count = 1;
  return CKR_OK;
}
static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  (void)slot;
  memset(info, ' ', sizeof *info);
  info->flags = CKF_TOKEN_PRESENT;
  return CKR_OK;
}
static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  (void)slot;
  memset(info, ' ', sizeof *info);
  memcpy(info->label, "Talkative", 9);
  memcpy(info->serialNumber, "1", 1);
  info->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
  info->ulMinPinLen = 4;
  info->ulMaxPinLen = 64;
  return CKR_OK;
}
static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE_PTR session) {
  (void)slot, (void)flags, (void)application, (void)notify;
  *session = 1;
  return CKR_OK;
}
static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info) {
  (void)session;
  *info = (CK_SESSION_INFO){0, CKS_RW_PUBLIC_SESSION, CKF_SERIAL_SESSION | CKF_RW_SESSION, 0};
  return CKR_OK;
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE who, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  (void)session, (void)who;
  printf("login with %.*s\n", (int)length, (const char *)pin);
  fflush(stdout);
  fprintf(stderr, "login with %.*s\n", (int)length, (const char *)pin);
  abort();
}
static CK_RV close_session(CK_SESSION_HANDLE session) {
  (void)session;
  return CKR_OK;
}
static CK_FUNCTION_LIST list = {
    .version = {2, 40},
    .C_Initialize = initialize,
    .C_Finalize = initialize,
    .C_GetInfo = get_info,
    .C_GetSlotList = get_slot_list,
    .C_GetSlotInfo = get_slot_info,
    .C_GetTokenInfo = get_token_info,
    .C_OpenSession = open_session,
    .C_CloseSession = close_session,
    .C_GetSessionInfo = get_session_info,
    .C_Login = login,
};
__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
  *out = &list;
  return CKR_OK;
}
