#include "../faults/faults.h"

#include <dlfcn.h>
#include <stddef.h>

/*
 * A real module with faults put in front of some of its functions, so that tests can let a module crash, hang or
 * lose its device while true objects are on its token. `forward=PATH` in TOKENGLASS_MOCK names the real module.
 */

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST list;

#define BEFORE(name)                \
  CK_RV fault = faults_enter(name); \
  if (fault != CKR_OK) return fault

static CK_RV initialize(CK_VOID_PTR arguments) {
  BEFORE("C_Initialize");
  return real->C_Initialize(arguments);
}
static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  BEFORE("C_GetSlotList");
  return real->C_GetSlotList(present, slots, count);
}
static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  BEFORE("C_GetTokenInfo");
  return real->C_GetTokenInfo(slot, info);
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE who, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  BEFORE("C_Login");
  return real->C_Login(session, who, pin, length);
}
static CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR found, CK_ULONG most, CK_ULONG_PTR count) {
  BEFORE("C_FindObjects");
  return real->C_FindObjects(session, found, most, count);
}
static CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template,
                                 CK_ULONG count) {
  BEFORE("C_GetAttributeValue");
  return real->C_GetAttributeValue(session, object, template, count);
}
static CK_RV set_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template,
                                 CK_ULONG count) {
  BEFORE("C_SetAttributeValue");
  return real->C_SetAttributeValue(session, object, template, count);
}
static CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR template, CK_ULONG count,
                           CK_OBJECT_HANDLE_PTR object) {
  BEFORE("C_CreateObject");
  return real->C_CreateObject(session, template, count, object);
}
static CK_RV destroy_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  BEFORE("C_DestroyObject");
  return real->C_DestroyObject(session, object);
}
static CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR public_template,
                               CK_ULONG public_count, CK_ATTRIBUTE_PTR private_template, CK_ULONG private_count,
                               CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key) {
  BEFORE("C_GenerateKeyPair");
  return real->C_GenerateKeyPair(session, mechanism, public_template, public_count, private_template, private_count,
                                 public_key, private_key);
}
static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR signature_length) {
  BEFORE("C_Sign");
  return real->C_Sign(session, data, length, signature, signature_length);
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
  BEFORE("load");
  const char *path = setting("forward", 0);
  void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!library) return CKR_GENERAL_ERROR;
  CK_C_GetFunctionList get;
  *(void **)&get = dlsym(library, "C_GetFunctionList");
  if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  list = *real;
  list.C_GetFunctionList = C_GetFunctionList;
  list.C_Initialize = initialize;
  list.C_GetSlotList = get_slot_list;
  list.C_GetTokenInfo = get_token_info;
  list.C_Login = login;
  list.C_FindObjects = find_objects;
  list.C_GetAttributeValue = get_attribute_value;
  list.C_SetAttributeValue = set_attribute_value;
  list.C_CreateObject = create_object;
  list.C_DestroyObject = destroy_object;
  list.C_GenerateKeyPair = generate_key_pair;
  list.C_Sign = sign;
  *out = &list;
  return CKR_OK;
}
