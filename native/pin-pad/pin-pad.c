/*
 * The calls that take a PIN, with no PIN: on a token with CKF_PROTECTED_AUTHENTICATION_PATH the pointer has to be
 * NULL_PTR (PKCS#11 2.40, C_Login, C_InitPIN, C_SetPIN, C_InitToken), so that the reader asks. pkcs11js can only
 * hand over strings; an empty one is a pointer to nothing, which a module may take for an empty PIN and count as a try.
 *
 * They open the library that pkcs11js has loaded already, so that both speak to the same one.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pkcs11.h>

#include "add-on.h"

/* What a call is made on: (path, handle, third argument). */
struct call {
  CK_FUNCTION_LIST_PTR list;
  CK_ULONG handle;
  napi_value third;
};

/* @return 0 after throwing, when an argument is wrong or the library cannot be found again */
static int call_open(napi_env env, napi_callback_info info, struct call *call) {
  napi_value arguments[3];
  size_t count = 3, length;
  char path[4096];
  void *handle;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != 0 || count != 3 ||
      napi_get_value_string_utf8(env, arguments[0], path, sizeof path, &length) != 0 || length + 1 >= sizeof path ||
      napi_get_buffer_info(env, arguments[1], &handle, &length) != 0 || length != sizeof call->handle) {
    napi_throw_error(env, NULL, "expected a path, a handle and one more argument");
    return 0;
  }
  memcpy(&call->handle, handle, sizeof call->handle);
  call->third = arguments[2];
  void *library = dlopen(path, RTLD_LAZY);
  CK_C_GetFunctionList get_list;
  void *symbol = library ? dlsym(library, "C_GetFunctionList") : NULL;
  memcpy(&get_list, &symbol, sizeof get_list);
  if (symbol && get_list(&call->list) == CKR_OK && call->list) return 1;
  napi_throw_error(env, NULL, "the library that is loaded cannot be found again");
  return 0;
}

static napi_value answer(napi_env env, CK_RV rv) {
  napi_value value = NULL;
  napi_create_double(env, (double)rv, &value);
  return value;
}

napi_value login(napi_env env, napi_callback_info info) {
  struct call call;
  uint32_t user_type;
  if (!call_open(env, info, &call)) return NULL;
  if (napi_get_value_uint32(env, call.third, &user_type) != 0) {
    napi_throw_error(env, NULL, "expected a user type");
    return NULL;
  }
  return answer(env, call.list->C_Login(call.handle, user_type, NULL, 0));
}

napi_value init_pin(napi_env env, napi_callback_info info) {
  struct call call;
  return call_open(env, info, &call) ? answer(env, call.list->C_InitPIN(call.handle, NULL, 0)) : NULL;
}

napi_value set_pin(napi_env env, napi_callback_info info) {
  struct call call;
  return call_open(env, info, &call) ? answer(env, call.list->C_SetPIN(call.handle, NULL, 0, NULL, 0)) : NULL;
}

napi_value init_token(napi_env env, napi_callback_info info) {
  struct call call;
  void *label;
  size_t length;
  if (!call_open(env, info, &call)) return NULL;
  if (napi_get_buffer_info(env, call.third, &label, &length) != 0 || length != 32) {
    napi_throw_error(env, NULL, "expected a label of 32 bytes");
    return NULL;
  }
  return answer(env, call.list->C_InitToken(call.handle, NULL, 0, label));
}
