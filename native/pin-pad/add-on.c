#include <string.h>

#include "add-on.h"

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  static const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"login", login},         {"initPin", init_pin},       {"setPin", set_pin},
      {"initToken", init_token}, {"openFirst", open_first}, {"endWithParent", end_with_parent},
  };
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, strlen(functions[i].name), functions[i].call, NULL, &function) == 0)
      napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
