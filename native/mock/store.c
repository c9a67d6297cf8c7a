#include "mock.h"

#include <stdlib.h>
#include <string.h>

static struct object **objects; /* handle = index + 1 */
static CK_ULONG room, used;

void store_open(CK_ULONG capacity) {
  room = capacity;
  used = 0;
  objects = calloc(room, sizeof *objects);
}

void store_close(void) {
  for (CK_OBJECT_HANDLE h = 1; h <= used; h++) store_remove(h);
  free(objects);
  objects = NULL;
  room = used = 0;
}

CK_OBJECT_HANDLE store_add(struct object *object) {
  if (!objects || used == room) return 0;
  objects[used] = object;
  return ++used;
}

struct object *store_get(CK_OBJECT_HANDLE handle) {
  return handle >= 1 && handle <= used ? objects[handle - 1] : NULL;
}

CK_OBJECT_HANDLE store_last(void) { return used; }

void store_remove(CK_OBJECT_HANDLE handle) {
  struct object *object = store_get(handle);
  if (!object) return;
  objects[handle - 1] = NULL;
  for (CK_ULONG i = 0; i < object->count; i++) free(object->attributes[i].pValue);
  free(object);
}

struct object *object_new(int slot) {
  struct object *object = calloc(1, sizeof *object);
  if (object) object->slot = slot;
  return object;
}

CK_ATTRIBUTE *object_find(struct object *object, CK_ATTRIBUTE_TYPE type) {
  for (CK_ULONG i = 0; object && i < object->count; i++)
    if (object->attributes[i].type == type) return &object->attributes[i];
  return NULL;
}

void object_put(struct object *object, CK_ATTRIBUTE_TYPE type, const void *value, size_t length) {
  CK_ATTRIBUTE *attribute = object_find(object, type);
  if (!attribute) {
    if (object->count == MOST_ATTRIBUTES) return;
    attribute = &object->attributes[object->count++];
    attribute->pValue = NULL;
  }
  free(attribute->pValue);
  attribute->type = type;
  attribute->pValue = malloc(length ? length : 1);
  attribute->ulValueLen = attribute->pValue ? length : 0;
  if (attribute->pValue && length) memcpy(attribute->pValue, value, length);
}

void object_put_ulong(struct object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  object_put(object, type, &value, sizeof value);
}

void object_put_bool(struct object *object, CK_ATTRIBUTE_TYPE type, CK_BBOOL value) {
  object_put(object, type, &value, sizeof value);
}

int object_is(struct object *object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE *attribute = object_find(object, type);
  return attribute && attribute->ulValueLen == 1 && *(CK_BBOOL *)attribute->pValue;
}

int object_visible(struct object *object, struct session *session) {
  return object && object->slot == session->slot &&
         (!object_is(object, CKA_PRIVATE) || logged_in(session->slot) == CKU_USER);
}
