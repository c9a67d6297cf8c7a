#include "mock.h"

#include <stdlib.h>
#include <string.h>

static int fits(struct object *object, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) {
    CK_ATTRIBUTE *has = object_find(object, template[i].type);
    if (!has || has->ulValueLen != template[i].ulValueLen ||
        memcmp(has->pValue, template[i].pValue, has->ulValueLen) != 0)
      return 0;
  }
  return 1;
}

/* Some modules list private keys only when that class is asked for (OpenSC/OpenSC#2821). */
static int kept_back(struct object *object, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  CK_ATTRIBUTE *class = object_find(object, CKA_CLASS);
  if (!setting_is("private-search", "class") || !class || *(CK_ULONG *)class->pValue != CKO_PRIVATE_KEY) return 0;
  for (CK_ULONG i = 0; i < count; i++)
    if (template[i].type == CKA_CLASS) return 0;
  return 1;
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE handle, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  ENTER("C_FindObjectsInit");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (s->searching) return CKR_OPERATION_ACTIVE;
  free(s->found);
  s->found = calloc(store_last() + 1, sizeof *s->found);
  if (!s->found) return CKR_HOST_MEMORY;
  s->found_count = s->found_next = 0;
  s->searching = 1;
  for (CK_OBJECT_HANDLE h = 1; h <= store_last(); h++) {
    struct object *object = store_get(h);
    if (object_visible(object, s) && fits(object, template, count) && !kept_back(object, template, count))
      s->found[s->found_count++] = h;
  }
  return CKR_OK;
}

CK_RV C_FindObjects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE_PTR out, CK_ULONG most, CK_ULONG_PTR count) {
  ENTER("C_FindObjects");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (!s->searching) return CKR_OPERATION_NOT_INITIALIZED;
  for (*count = 0; *count < most && s->found_next < s->found_count; (*count)++) out[*count] = s->found[s->found_next++];
  return CKR_OK;
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE handle) {
  ENTER("C_FindObjectsFinal");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (!s->searching) return CKR_OPERATION_NOT_INITIALIZED;
  s->searching = 0;
  return CKR_OK;
}

/* Whether the session may write; private objects and, on this token, all token objects need the user. */
static CK_RV may_write(struct session *s) {
  if (!(s->flags & CKF_RW_SESSION)) return CKR_SESSION_READ_ONLY;
  return logged_in(s->slot) == CKU_USER ? CKR_OK : CKR_USER_NOT_LOGGED_IN;
}

CK_RV C_CreateObject(CK_SESSION_HANDLE handle, CK_ATTRIBUTE_PTR template, CK_ULONG count, CK_OBJECT_HANDLE_PTR out) {
  ENTER("C_CreateObject");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  rv = may_write(s);
  if (rv != CKR_OK) return rv;
  struct object *object = object_new(s->slot);
  if (!object) return CKR_HOST_MEMORY;
  object_put_bool(object, CKA_MODIFIABLE, CK_TRUE);
  object_put_bool(object, CKA_PRIVATE, CK_FALSE);
  for (CK_ULONG i = 0; i < count; i++) object_put(object, template[i].type, template[i].pValue, template[i].ulValueLen);
  CK_ATTRIBUTE *class = object_find(object, CKA_CLASS);
  if (!class) rv = CKR_TEMPLATE_INCOMPLETE;
  else if (*(CK_ULONG *)class->pValue >= CKO_PRIVATE_KEY && setting_is("smartcard-hsm", "1"))
    rv = CKR_FUNCTION_NOT_SUPPORTED;
  *out = rv == CKR_OK ? store_add(object) : 0;
  if (*out) return CKR_OK;
  for (CK_ULONG i = 0; i < object->count; i++) free(object->attributes[i].pValue);
  free(object);
  return rv == CKR_OK ? CKR_DEVICE_MEMORY : rv;
}

CK_RV C_CopyObject(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which, CK_ATTRIBUTE_PTR template, CK_ULONG count,
                   CK_OBJECT_HANDLE_PTR out) {
  ENTER("C_CopyObject");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  struct object *object = store_get(which);
  if (!object_visible(object, s)) return CKR_OBJECT_HANDLE_INVALID;
  rv = may_write(s);
  if (rv != CKR_OK) return rv;
  struct object *copy = object_new(s->slot);
  if (!copy) return CKR_HOST_MEMORY;
  for (CK_ULONG i = 0; i < object->count; i++)
    object_put(copy, object->attributes[i].type, object->attributes[i].pValue, object->attributes[i].ulValueLen);
  for (CK_ULONG i = 0; i < count; i++) object_put(copy, template[i].type, template[i].pValue, template[i].ulValueLen);
  *out = store_add(copy);
  return *out ? CKR_OK : CKR_DEVICE_MEMORY;
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which) {
  ENTER("C_DestroyObject");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (!object_visible(store_get(which), s)) return CKR_OBJECT_HANDLE_INVALID;
  rv = may_write(s);
  if (rv != CKR_OK) return rv;
  store_remove(which);
  return CKR_OK;
}
