/*
 * The calls that take a PIN, with no PIN: on a token with CKF_PROTECTED_AUTHENTICATION_PATH the pointer has to be
 * NULL_PTR (PKCS#11 2.40, C_Login, C_InitPIN, C_SetPIN, C_InitToken), so that the reader asks. pkcs11js can only
 * hand over strings; an empty one is a pointer to nothing, which a module may take for an empty PIN and count as a try.
 *
 * A Node-API add-on. The few functions of Node-API that it needs are declared here, since their ABI is fixed and
 * Node's headers are not on every machine. It opens the library that pkcs11js has loaded already, so that both
 * speak to the same one.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pkcs11.h>

typedef struct napi_env_s *napi_env;
typedef struct napi_value_s *napi_value;
typedef struct napi_callback_info_s *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
typedef int napi_status; /* 0: ok */

extern napi_status napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern napi_status napi_get_value_string_utf8(napi_env, napi_value, char *, size_t, size_t *);
extern napi_status napi_get_value_uint32(napi_env, napi_value, uint32_t *);
extern napi_status napi_get_buffer_info(napi_env, napi_value, void **, size_t *);
extern napi_status napi_create_double(napi_env, double, napi_value *);
extern napi_status napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern napi_status napi_set_named_property(napi_env, napi_value, const char *, napi_value);
extern napi_status napi_throw_error(napi_env, const char *, const char *);

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

static napi_value login(napi_env env, napi_callback_info info) {
  struct call call;
  uint32_t user_type;
  if (!call_open(env, info, &call)) return NULL;
  if (napi_get_value_uint32(env, call.third, &user_type) != 0) {
    napi_throw_error(env, NULL, "expected a user type");
    return NULL;
  }
  return answer(env, call.list->C_Login(call.handle, user_type, NULL, 0));
}

static napi_value init_pin(napi_env env, napi_callback_info info) {
  struct call call;
  return call_open(env, info, &call) ? answer(env, call.list->C_InitPIN(call.handle, NULL, 0)) : NULL;
}

static napi_value set_pin(napi_env env, napi_callback_info info) {
  struct call call;
  return call_open(env, info, &call) ? answer(env, call.list->C_SetPIN(call.handle, NULL, 0, NULL, 0)) : NULL;
}

static napi_value init_token(napi_env env, napi_callback_info info) {
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

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback call;
  } functions[] = {{"login", login}, {"initPin", init_pin}, {"setPin", set_pin}, {"initToken", init_token}};
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, strlen(functions[i].name), functions[i].call, NULL, &function) == 0)
      napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
