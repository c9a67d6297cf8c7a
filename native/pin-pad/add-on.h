#ifndef TOKENGLASS_ADD_ON_H
#define TOKENGLASS_ADD_ON_H

/*
 * What the token host needs beside pkcs11js: a Node-API add-on. The few functions of Node-API that it needs are
 * declared here, since their ABI is fixed and Node's headers are not on every machine.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
extern napi_status napi_get_boolean(napi_env, bool, napi_value *);
extern napi_status napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern napi_status napi_set_named_property(napi_env, napi_value, const char *, napi_value);
extern napi_status napi_throw_error(napi_env, const char *, const char *);

/* pin-pad.c */
napi_value login(napi_env, napi_callback_info);
napi_value init_pin(napi_env, napi_callback_info);
napi_value set_pin(napi_env, napi_callback_info);
napi_value init_token(napi_env, napi_callback_info);

/* open-first.c: (path) -> whether the library is open now. */
napi_value open_first(napi_env, napi_callback_info);

/* end-with-parent.c: (process id of the parent) -> whether the kernel will tell when it is gone. */
napi_value end_with_parent(napi_env, napi_callback_info);

#endif
