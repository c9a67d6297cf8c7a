#include "mock.h"

#include <stdio.h>
#include <string.h>

/* How many objects may be written in addition to those that are there. */
#define SPARE_OBJECTS 10000

static int initialised;

CK_RV enter(const char *function) {
  CK_RV rv = faults_enter(function);
  if (rv != CKR_OK) return rv;
  return initialised ? CKR_OK : CKR_CRYPTOKI_NOT_INITIALIZED;
}

CK_RV C_Initialize(CK_VOID_PTR arguments) {
  CK_RV rv = faults_enter("C_Initialize");
  if (rv != CKR_OK) return rv;
  if (initialised) return CKR_CRYPTOKI_ALREADY_INITIALIZED;
  (void)arguments;
  slots_open();
  pins_open();
  store_open(setting_number("objects", 3) * MOST_SLOTS + SPARE_OBJECTS);
  for (int i = 0; i < slot_count; i++)
    if (slots[i].kind == SLOT_TOKEN) contents_fill(i);
  initialised = 1;
  return CKR_OK;
}

CK_RV C_Finalize(CK_VOID_PTR reserved) {
  ENTER("C_Finalize");
  if (reserved) return CKR_ARGUMENTS_BAD;
  sessions_close_all();
  store_close();
  initialised = 0;
  return CKR_OK;
}

CK_RV C_GetInfo(CK_INFO_PTR info) {
  ENTER("C_GetInfo");
  memset(info, 0, sizeof *info);
  unsigned major = 2, minor = 40;
  const char *claimed = setting("version", 0);
  if (claimed) sscanf(claimed, "%u.%u", &major, &minor);
  info->cryptokiVersion = (CK_VERSION){(CK_BYTE)major, (CK_BYTE)minor};
  info->libraryVersion = (CK_VERSION){1, 0};
  memset(info->manufacturerID, ' ', sizeof info->manufacturerID);
  memset(info->libraryDescription, ' ', sizeof info->libraryDescription);
  memcpy(info->manufacturerID, "Tokenglass", 10);
  memcpy(info->libraryDescription, "Mock module for tests", 21);
  return CKR_OK;
}

/* Stands for every function that this module does not have; its arguments do not matter. */
static CK_RV not_supported(void) { return CKR_FUNCTION_NOT_SUPPORTED; }

static CK_FUNCTION_LIST list;

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
  CK_RV rv = faults_enter("load");
  if (rv != CKR_OK) return rv;
  if (!out) return CKR_ARGUMENTS_BAD;
  list.version = (CK_VERSION){2, 40};

#define CK_PKCS11_FUNCTION_INFO(name) list.name = (CK_##name)(void (*)(void))not_supported;
#include <pkcs11f.h>
#undef CK_PKCS11_FUNCTION_INFO

#define HAVE(name) list.name = name
  HAVE(C_Initialize), HAVE(C_Finalize), HAVE(C_GetInfo), HAVE(C_GetFunctionList);
  HAVE(C_GetSlotList), HAVE(C_GetSlotInfo), HAVE(C_GetTokenInfo), HAVE(C_WaitForSlotEvent);
  HAVE(C_GetMechanismList), HAVE(C_GetMechanismInfo);
  HAVE(C_InitToken), HAVE(C_InitPIN), HAVE(C_SetPIN), HAVE(C_Login), HAVE(C_Logout);
  HAVE(C_OpenSession), HAVE(C_CloseSession), HAVE(C_CloseAllSessions), HAVE(C_GetSessionInfo);
  HAVE(C_FindObjectsInit), HAVE(C_FindObjects), HAVE(C_FindObjectsFinal);
  HAVE(C_CreateObject), HAVE(C_CopyObject), HAVE(C_DestroyObject);
  HAVE(C_GetAttributeValue), HAVE(C_SetAttributeValue);
  HAVE(C_SignInit), HAVE(C_Sign), HAVE(C_GenerateKeyPair), HAVE(C_GenerateRandom);
#undef HAVE
  *out = &list;
  return CKR_OK;
}
