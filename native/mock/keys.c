#include "mock.h"

#include <string.h>

CK_RV C_SignInit(CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  ENTER("C_SignInit");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  struct object *object = store_get(key);
  if (!object_visible(object, s)) return CKR_KEY_HANDLE_INVALID;
  if (mechanism->mechanism != CKM_RSA_PKCS) return CKR_MECHANISM_INVALID;
  CK_ATTRIBUTE *type = object_find(object, CKA_KEY_TYPE);
  if (!type || *(CK_ULONG *)type->pValue != CKK_RSA) return CKR_KEY_TYPE_INCONSISTENT;
  if (!object_is(object, CKA_SIGN)) return CKR_KEY_FUNCTION_NOT_PERMITTED;
  s->signing = 1;
  s->signing_key = key;
  s->authenticated = !object_is(object, CKA_ALWAYS_AUTHENTICATE);
  return CKR_OK;
}

/* CKM_RSA_PKCS: the data is padded as PKCS#1 1.5 block type 1 and not hashed (PKCS#11 2.40, 2.1.6). */
CK_RV C_Sign(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
             CK_ULONG_PTR signature_length) {
  ENTER("C_Sign");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (!s->signing) return CKR_OPERATION_NOT_INITIALIZED;
  CK_ULONG room = *signature_length;
  *signature_length = 256;
  if (!signature) return CKR_OK;
  if (room < 256) return CKR_BUFFER_TOO_SMALL;
  s->signing = 0;
  if (!s->authenticated) return CKR_USER_NOT_LOGGED_IN;
  if (length > 256 - 11) return CKR_DATA_LEN_RANGE;
  CK_BYTE block[256];
  memset(block, 0xff, sizeof block);
  block[0] = 0, block[1] = 1, block[255 - length] = 0;
  memcpy(block + 256 - length, data, length);
  rsa_private(block, signature);
  if (setting_is("sign", "bad")) signature[128] ^= 1;
  return CKR_OK;
}

/* Every pair that this module "generates" is its one key. */
CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR public_template,
                        CK_ULONG public_count, CK_ATTRIBUTE_PTR private_template, CK_ULONG private_count,
                        CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key) {
  ENTER("C_GenerateKeyPair");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (mechanism->mechanism != CKM_RSA_PKCS_KEY_PAIR_GEN) return CKR_MECHANISM_INVALID;
  if (!(s->flags & CKF_RW_SESSION)) return CKR_SESSION_READ_ONLY;
  if (logged_in(s->slot) != CKU_USER) return CKR_USER_NOT_LOGGED_IN;
  struct object *pair[2] = {object_new(s->slot), object_new(s->slot)};
  if (!pair[0] || !pair[1]) return CKR_HOST_MEMORY;
  object_put_ulong(pair[0], CKA_CLASS, CKO_PUBLIC_KEY);
  object_put_ulong(pair[1], CKA_CLASS, CKO_PRIVATE_KEY);
  for (int i = 0; i < 2; i++) object_put_bool(pair[i], CKA_MODIFIABLE, CK_TRUE);
  contents_rsa_pair(pair[0], pair[1]);
  for (CK_ULONG i = 0; i < public_count; i++)
    object_put(pair[0], public_template[i].type, public_template[i].pValue, public_template[i].ulValueLen);
  for (CK_ULONG i = 0; i < private_count; i++)
    object_put(pair[1], private_template[i].type, private_template[i].pValue, private_template[i].ulValueLen);
  *public_key = store_add(pair[0]);
  *private_key = store_add(pair[1]);
  return *public_key && *private_key ? CKR_OK : CKR_DEVICE_MEMORY;
}

/* Good enough to fill a buffer with bytes that differ; not random. */
CK_RV C_GenerateRandom(CK_SESSION_HANDLE handle, CK_BYTE_PTR out, CK_ULONG length) {
  ENTER("C_GenerateRandom");
  CK_RV rv;
  if (!session_get(handle, &rv)) return rv;
  static uint32_t state = 2463534242u;
  for (CK_ULONG i = 0; i < length; i++) {
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    out[i] = (CK_BYTE)state;
  }
  return CKR_OK;
}
