/*
 * Opens a library before pkcs11js does, which then finds it open. pkcs11js opens it and calls C_GetFunctionList in one
 * go; done apart, a crash can be told to be in the one or the other.
 */
#include <dlfcn.h>

#include "add-on.h"

napi_value open_first(napi_env env, napi_callback_info info) {
  napi_value argument, value = NULL;
  size_t count = 1, length;
  char path[4096];
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != 0 || count != 1 ||
      napi_get_value_string_utf8(env, argument, path, sizeof path, &length) != 0 || length + 1 >= sizeof path) {
    napi_throw_error(env, NULL, "expected a path");
    return NULL;
  }
  /* The same way as pkcs11js opens it. Never closed: the process ends with its module. */
  napi_get_boolean(env, dlopen(path, RTLD_LAZY | RTLD_LOCAL) != NULL, &value);
  return value;
}
