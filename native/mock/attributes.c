#include "mock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value that reading an attribute must fail with, by the settings attr-fail=TYPE:RV. */
static CK_RV told_to_fail(CK_ATTRIBUTE_TYPE type) {
  for (int i = 0;; i++) {
    const char *text = setting("attr-fail", i);
    if (!text) return CKR_OK;
    char *end;
    if (strtoul(text, &end, 0) == type && *end == ':') return strtoul(end + 1, NULL, 0);
  }
}

static int lies(CK_ATTRIBUTE_TYPE type, const char *how) {
  const char *text = setting("attr-lie", 0);
  char *end;
  return text && strtoul(text, &end, 0) == type && *end == ':' && strcmp(end + 1, how) == 0;
}

static CK_RV length_only(CK_ATTRIBUTE_PTR wanted, const CK_ATTRIBUTE *has) {
  wanted->ulValueLen = has->ulValueLen;
  if (lies(has->type, "longer")) wanted->ulValueLen += 7;
  if (lies(has->type, "shorter") && has->ulValueLen) wanted->ulValueLen--;
  if (lies(has->type, "zero")) wanted->ulValueLen = 0;
  return CKR_OK;
}

/* PKCS#11 2.40, C_GetAttributeValue, steps 1 to 5. */
static CK_RV read_one(struct object *object, CK_ATTRIBUTE_PTR wanted) {
  CK_ATTRIBUTE *has = object_find(object, wanted->type);
  CK_RV rv = told_to_fail(wanted->type);
  if (rv == CKR_OK && !has) {
    CK_ATTRIBUTE *class = object_find(object, CKA_CLASS);
    int secret = wanted->type == CKA_PRIVATE_EXPONENT || wanted->type == CKA_VALUE;
    int private_key = class && *(CK_ULONG *)class->pValue == CKO_PRIVATE_KEY;
    rv = secret && private_key ? CKR_ATTRIBUTE_SENSITIVE : CKR_ATTRIBUTE_TYPE_INVALID;
  }
  if (rv != CKR_OK || lies(wanted->type, "unavailable")) {
    wanted->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return rv;
  }
  if (!wanted->pValue) return length_only(wanted, has);
  if (wanted->ulValueLen < has->ulValueLen) {
    wanted->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_BUFFER_TOO_SMALL;
  }
  memcpy(wanted->pValue, has->pValue, has->ulValueLen);
  wanted->ulValueLen = has->ulValueLen;
  return CKR_OK;
}

/* Whether the whole template can be read; asked first where one bad attribute spoils all. */
static CK_RV strict_error(struct object *object, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) {
    CK_ATTRIBUTE copy = {template[i].type, NULL, 0};
    CK_RV rv = read_one(object, &copy);
    if (rv != CKR_OK) return rv;
  }
  return CKR_OK;
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which, CK_ATTRIBUTE_PTR template,
                          CK_ULONG count) {
  ENTER("C_GetAttributeValue");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  struct object *object = store_get(which);
  if (!object_visible(object, s)) return CKR_OBJECT_HANDLE_INVALID;
  if (setting_is("strict", "1") || setting_is("smartcard-hsm", "1")) {
    rv = strict_error(object, template, count);
    if (rv != CKR_OK) return rv;
  }
  CK_RV worst = CKR_OK;
  for (CK_ULONG i = 0; i < count; i++) {
    rv = read_one(object, &template[i]);
    if (rv != CKR_OK) worst = rv;
  }
  return worst;
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which, CK_ATTRIBUTE_PTR template,
                          CK_ULONG count) {
  ENTER("C_SetAttributeValue");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  struct object *object = store_get(which);
  if (!object_visible(object, s)) return CKR_OBJECT_HANDLE_INVALID;
  if (!(s->flags & CKF_RW_SESSION)) return CKR_SESSION_READ_ONLY;
  if (logged_in(s->slot) != CKU_USER) return CKR_USER_NOT_LOGGED_IN;
  for (CK_ULONG i = 0; i < count; i++)
    if (template[i].type != CKA_LABEL && template[i].type != CKA_ID) return CKR_ATTRIBUTE_READ_ONLY;
  for (CK_ULONG i = 0; i < count; i++)
    object_put(object, template[i].type, template[i].pValue, template[i].ulValueLen);
  return CKR_OK;
}
