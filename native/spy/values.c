#define _GNU_SOURCE
#include "values.h"

#define LIST_MOST 256
#define NEST_MOST 3
#define TEXT_MOST 512

int values_pin_length = 1;

static CK_ULONG hex_most(int level) { return level >= 2 ? 1024 : 256; }

static CK_ULONG smaller(CK_ULONG a, CK_ULONG b) { return a < b ? a : b; }

/* Values in applications' memory need not be aligned. */
static CK_ULONG read_number(const void *at) {
  CK_ULONG value;
  memcpy(&value, at, sizeof value);
  return value;
}
static const void *read_pointer(const void *at) {
  const void *value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* Rows of the tables begin with their number, and are in its order. */
_Static_assert(!offsetof(struct name, value) && !offsetof(struct attribute_info, type) &&
                   !offsetof(struct parameter_info, mechanism),
               "as row_of finds them");

/* The row of a number, or NULL. Always inlined, so that each table's size of a row is a constant. */
__attribute__((always_inline)) static inline const void *row_of(CK_ULONG number, const void *rows, unsigned count,
                                                                size_t size) {
  unsigned low = 0, high = count;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (read_number((const CK_BYTE *)rows + middle * size) < number)
      low = middle + 1;
    else
      high = middle;
  }
  const void *row = (const CK_BYTE *)rows + low * size;
  return low < count && read_number(row) == number ? row : NULL;
}

void put_enum(struct line *line, enum group group, CK_ULONG value) {
  const struct name *name = row_of(value, groups[group].rows, groups[group].count, sizeof *name);
  if (name)
    put_bytes(line, name->text, name->length);
  else if (value == CK_UNAVAILABLE_INFORMATION)
    put_literal(line, "null");
  else
    put_hex_number(line, value);
}

static void put_boolean(struct line *line, CK_BBOOL value) {
  if (value)
    put_literal(line, "true");
  else
    put_literal(line, "false");
}

static void put_pointer(struct line *line, const void *pointer) {
  if (pointer)
    put_literal(line, "\"set\"");
  else
    put_literal(line, "null");
}

static void put_length(struct line *line, CK_ULONG count) {
  put_literal(line, "{\"len\":");
  put_number(line, count);
}

static void put_buffer(struct line *line, const void *bytes, CK_ULONG count, int shown, int level) {
  if (!bytes) {
    put_literal(line, "null");
    return;
  }
  put_length(line, count);
  if (shown && count != CK_UNAVAILABLE_INFORMATION) {
    put_literal(line, ",\"hex\":");
    put_hex(line, bytes, count, hex_most(level));
    if (count > hex_most(level)) put_literal(line, ",\"cut\":true");
  }
  put_literal(line, "}");
}

static void put_pin(struct line *line, const void *pin, CK_ULONG count, int with_length) {
  if (!pin) {
    put_literal(line, "{\"pin\":\"pin-pad\"}");
    return;
  }
  put_literal(line, "{\"pin\":\"redacted\"");
  if (with_length) {
    put_literal(line, ",\"len\":");
    put_number(line, count);
  }
  put_literal(line, "}");
}

/* Structures */

static void put_structure(struct line *line, enum structure structure, const void *base, int level) {
  const struct structure_info *info = &structures[structure];
  int any = 0;
  put_literal(line, "{");
  for (unsigned i = 0; i < info->count; i++) {
    const struct field_info *field = &info->fields[i];
    const CK_BYTE *at = (const CK_BYTE *)base + field->offset;
    if (field->kind == K_LENGTH || (field->absent_if_zero && !read_number(at))) continue;
    if (any++) put_literal(line, ",");
    put_bytes(line, field->key, field->key_length);
    switch (field->kind) {
      case K_NUMBER:
        put_number(line, read_number(at));
        break;
      case K_ENUM:
        put_enum(line, field->group, read_number(at));
        break;
      case K_BOOLEAN:
        put_boolean(line, *at);
        break;
      case K_TEXT:
        put_text(line, at, field->size, field->size);
        break;
      case K_VERSION:
        put_version(line, (const CK_VERSION *)at);
        break;
      case K_BYTES:
        put_buffer(line, at, field->size, field->secrecy <= level, level);
        break;
      case K_BUFFER: {
        CK_ULONG count = read_number((const CK_BYTE *)base + field->length_offset);
        put_buffer(line, read_pointer(at), count, field->secrecy <= level, level);
        break;
      }
      case K_PIN:
        /* Without the length: one of the structures has a pointer in its place. */
        put_pin(line, read_pointer(at), 0, 0);
        break;
      case K_STRUCTURE:
        put_structure(line, field->structure, at, level);
        break;
      case K_STRUCTURE_POINTER:
        if (read_pointer(at))
          put_structure(line, field->structure, read_pointer(at), level);
        else
          put_literal(line, "null");
        break;
      default:
        put_pointer(line, read_pointer(at));
    }
  }
  put_literal(line, "}");
}

static const struct parameter_info *parameter_of(CK_MECHANISM_TYPE mechanism) {
  return row_of(mechanism, parameters, parameter_count, sizeof *parameters);
}

/* Decoded only if its size is that of the structure; of anything else only the length is told. */
static void put_parameter(struct line *line, const CK_MECHANISM *mechanism, int level) {
  const struct parameter_info *info = parameter_of(mechanism->mechanism);
  const void *at = mechanism->pParameter;
  CK_ULONG size = mechanism->ulParameterLen;
  if (!at) {
    put_literal(line, "null");
  } else if (info && info->form == P_STRUCTURE && size == structures[info->structure].size) {
    put_structure(line, info->structure, at, level);
  } else if (info && info->form == P_BYTES && size == info->size) {
    put_literal(line, "{");
    put_bytes(line, info->key, info->key_length);
    put_buffer(line, at, size, info->secrecy <= level, level);
    put_literal(line, "}");
  } else if (info && info->form == P_NUMBER && size == sizeof(CK_ULONG)) {
    put_literal(line, "{");
    put_bytes(line, info->key, info->key_length);
    put_number(line, read_number(at));
    put_literal(line, "}");
  } else {
    put_length(line, size);
    put_literal(line, "}");
  }
}

static void put_mechanism(struct line *line, const CK_MECHANISM *mechanism, int level) {
  if (!mechanism) {
    put_literal(line, "null");
    return;
  }
  put_literal(line, "{\"type\":");
  put_enum(line, G_CKM, mechanism->mechanism);
  if (mechanism->pParameter || mechanism->ulParameterLen) {
    put_literal(line, ",\"param\":");
    put_parameter(line, mechanism, level);
  }
  put_literal(line, "}");
}

/* Attributes */

static const struct attribute_info *attribute_of(CK_ATTRIBUTE_TYPE type) {
  return row_of(type, attributes, attribute_count, sizeof *attributes);
}

/* The class that the template gives its object, or CK_UNAVAILABLE_INFORMATION. */
static CK_ULONG class_in(const CK_ATTRIBUTE *list, CK_ULONG count, const CK_ULONG *lengths) {
  for (CK_ULONG i = 0; i < smaller(count, TEMPLATE_MOST); i++)
    if (list[i].type == 0 && list[i].pValue && list[i].ulValueLen == sizeof(CK_ULONG) &&
        (!lengths || lengths[i] >= sizeof(CK_ULONG)))
      return read_number(list[i].pValue);
  return CK_UNAVAILABLE_INFORMATION;
}

/* Whether the bytes are an X.509 certificate of version 2 or 3 (RFC 5280 section 4.1): a SEQUENCE of exactly this
 * length that starts with a SEQUENCE that starts with [0] INTEGER 1 or 2. No key or PIN looks like that. */
static int is_certificate(const CK_BYTE *bytes, CK_ULONG count) {
  static const CK_BYTE version[4] = {0xa0, 0x03, 0x02, 0x01};
  if (count < 128 || count > 65539) return 0;
  if (bytes[0] != 0x30 || bytes[1] != 0x82 || ((CK_ULONG)bytes[2] << 8 | bytes[3]) + 4 != count) return 0;
  const CK_BYTE *inner = bytes + 4;
  if (inner[0] != 0x30) return 0;
  inner += inner[1] == 0x82 ? 4 : inner[1] == 0x81 ? 3 : 2;
  return memcmp(inner, version, 4) == 0 && (inner[4] == 1 || inner[4] == 2);
}

static int is_shown(const struct attribute_info *info, const CK_ATTRIBUTE *attribute, CK_ULONG count, CK_ULONG class,
                    int level) {
  if (info->secrecy <= level) return 1;
  if (!info->public_value || level < 1) return 0;
  return class == CKO_CERTIFICATE || class == CKO_PUBLIC_KEY || is_certificate(attribute->pValue, count);
}

static void put_template(struct line *line, const CK_ATTRIBUTE *list, CK_ULONG count, int level, int depth);

static void put_number_list(struct line *line, int named, const CK_BYTE *bytes, CK_ULONG count) {
  put_literal(line, "[");
  for (CK_ULONG i = 0; i < smaller(count / sizeof(CK_ULONG), LIST_MOST); i++) {
    if (i) put_literal(line, ",");
    CK_ULONG value = read_number(bytes + i * sizeof(CK_ULONG));
    if (named)
      put_enum(line, G_CKM, value);
    else
      put_number(line, value);
  }
  put_literal(line, "]");
}

/* The value, if its length is right for its kind; otherwise nothing, since then nobody knows what it is. */
static void put_value(struct line *line, const struct attribute_info *info, const CK_BYTE *bytes, CK_ULONG count,
                      int level, int depth) {
  int number = count == sizeof(CK_ULONG);
  switch (info->kind) {
    case K_BOOLEAN:
      if (count != 1) return;
      put_literal(line, ",\"value\":");
      put_boolean(line, *bytes);
      return;
    case K_NUMBER:
      if (!number) return;
      put_literal(line, ",\"value\":");
      put_number(line, read_number(bytes));
      return;
    case K_ENUM:
      if (!number) return;
      put_literal(line, ",\"value\":");
      put_enum(line, info->group, read_number(bytes));
      return;
    case K_VERSION:
      if (count != 2) return;
      put_literal(line, ",\"value\":");
      put_version(line, (const CK_VERSION *)bytes);
      return;
    case K_DATE:
      if (count != 8) return;
      put_literal(line, ",\"value\":");
      put_text(line, bytes, count, 8);
      return;
    case K_TEXT:
      put_literal(line, ",\"value\":");
      put_text(line, bytes, count, TEXT_MOST);
      return;
    case K_MECHANISMS:
    case K_NUMBERS:
      put_literal(line, ",\"value\":");
      put_number_list(line, info->kind == K_MECHANISMS, bytes, count);
      return;
    case K_TEMPLATE:
      if (depth >= NEST_MOST || count % sizeof(CK_ATTRIBUTE)) return;
      put_literal(line, ",\"value\":");
      put_template(line, (const CK_ATTRIBUTE *)(const void *)bytes, count / sizeof(CK_ATTRIBUTE), level, depth + 1);
      return;
    default:
      put_literal(line, ",\"value\":");
      put_buffer(line, bytes, count, 1, level);
  }
}

static void put_type(struct line *line, CK_ATTRIBUTE_TYPE type, const struct attribute_info *info) {
  put_literal(line, "{\"type\":");
  if (info)
    put_bytes(line, info->name, info->name_length);
  else
    put_hex_number(line, type);
  put_literal(line, ",\"len\":");
}

static void put_attribute(struct line *line, const CK_ATTRIBUTE *attribute, CK_ULONG count, CK_ULONG class, int level,
                          int depth) {
  const struct attribute_info *info = attribute_of(attribute->type);
  put_type(line, attribute->type, info);
  put_number(line, count);
  if (count == CK_UNAVAILABLE_INFORMATION) {
  } else if (!attribute->pValue) {
    put_literal(line, ",\"null\":true");
  } else if (info) {
    if (is_shown(info, attribute, count, class, level))
      put_value(line, info, attribute->pValue, count, level, depth);
    else if (info->secrecy == SECRECY_NEVER)
      put_literal(line, ",\"secret\":true");
  }
  put_literal(line, "}");
}

/* One element of a list: taken back if it does not fit. Returns whether it was kept. */
static int element_fits(struct line *line, char *before) {
  if (!line->over) return 1;
  line->over = 0;
  line->at = before;
  return 0;
}

static void put_template(struct line *line, const CK_ATTRIBUTE *list, CK_ULONG count, int level, int depth) {
  CK_ULONG class = class_in(list, count, NULL);
  int any = 0;
  put_literal(line, "[");
  if (line->over) return;
  for (CK_ULONG i = 0; i < smaller(count, TEMPLATE_MOST); i++) {
    char *before = line->at;
    if (any) put_literal(line, ",");
    put_attribute(line, &list[i], list[i].ulValueLen, class, level, depth);
    if (element_fits(line, before))
      any = 1;
    else
      line->cut += 32;
  }
  put_close(line, ']');
}

/* Arguments */

void arg_null(struct line *line, const char *key, unsigned length) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_literal(line, "null");
  settle(line, before, length);
}

void arg_number(struct line *line, const char *key, unsigned length, CK_ULONG value) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_number(line, value);
  settle(line, before, length);
}

void arg_boolean(struct line *line, const char *key, unsigned length, CK_BBOOL value) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_boolean(line, value);
  settle(line, before, length);
}

void arg_enum(struct line *line, const char *key, unsigned length, enum group group, CK_ULONG value) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_enum(line, group, value);
  settle(line, before, length);
}

void arg_pointer(struct line *line, const char *key, unsigned length, const void *pointer) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_pointer(line, pointer);
  settle(line, before, length);
}

void arg_pin(struct line *line, const char *key, unsigned length, const void *pin, CK_ULONG count) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_pin(line, pin, count, values_pin_length);
  settle(line, before, length);
}

void arg_buffer(struct line *line, const char *key, unsigned length, const void *bytes, CK_ULONG count, int shown,
                int level) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_buffer(line, bytes, count, shown, level);
  if (settle(line, before, length + count) || !shown) return;
  put_key(line, key, length);
  put_length(line, count);
  put_literal(line, ",\"cut\":true}");
  settle(line, before, length);
}

void arg_text(struct line *line, const char *key, unsigned length, const void *text, CK_ULONG size) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  if (text)
    put_text(line, text, size, size);
  else
    put_literal(line, "null");
  settle(line, before, length + size);
}

void arg_string(struct line *line, const char *key, unsigned length, const void *text) {
  arg_text(line, key, length, text, text ? strnlen(text, TEXT_MOST) : 0);
}

void arg_version(struct line *line, const char *key, unsigned length, const CK_VERSION *version) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  if (version)
    put_version(line, version);
  else
    put_literal(line, "null");
  settle(line, before, length);
}

void arg_initialize(struct line *line, const char *key, unsigned length, const CK_C_INITIALIZE_ARGS *arguments) {
  if (!arguments) {
    arg_null(line, key, length);
    return;
  }
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_literal(line, "{\"CreateMutex\":");
  put_pointer(line, arguments->CreateMutex);
  put_literal(line, ",\"DestroyMutex\":");
  put_pointer(line, arguments->DestroyMutex);
  put_literal(line, ",\"LockMutex\":");
  put_pointer(line, arguments->LockMutex);
  put_literal(line, ",\"UnlockMutex\":");
  put_pointer(line, arguments->UnlockMutex);
  put_literal(line, ",\"flags\":");
  put_number(line, arguments->flags);
  put_literal(line, ",\"pReserved\":");
  put_pointer(line, arguments->pReserved);
  put_literal(line, "}");
  settle(line, before, length);
}

void arg_structure(struct line *line, const char *key, unsigned length, enum structure structure, const void *base,
                   int level) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_structure(line, structure, base, level);
  settle(line, before, length + structures[structure].size);
}

void arg_mechanism(struct line *line, const char *key, unsigned length, const CK_MECHANISM *mechanism, int level) {
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_mechanism(line, mechanism, level);
  settle(line, before, length);
}

static void tell_more(struct line *line, const char *key, unsigned length, CK_ULONG more) {
  if (more) arg_number(line, key, length, more);
}

void arg_template(struct line *line, const char *key, unsigned length, const CK_ATTRIBUTE *list, CK_ULONG count,
                  int level) {
  if (!list) {
    arg_null(line, key, length);
    return;
  }
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  put_template(line, list, count, level, 1);
  settle(line, before, length);
  if (count > TEMPLATE_MOST) line->cut += (count - TEMPLATE_MOST) * 32;
}

/* A list whose elements `put` writes, with as many as fit. */
#define ELEMENTS(line, count, most, more, put)      \
  do {                                              \
    int any = 0;                                    \
    put_literal(line, "[");                         \
    if (line->over) break;                          \
    for (CK_ULONG i = 0; i < count; i++) {          \
      char *element = line->at;                     \
      if (i < most) {                               \
        if (any) put_literal(line, ",");            \
        put;                                        \
        if (element_fits(line, element)) {          \
          any = 1;                                  \
          continue;                                 \
        }                                           \
      }                                             \
      more = count - i;                             \
      break;                                        \
    }                                               \
    put_close(line, ']');                           \
  } while (0)

static void put_request(struct line *line, const CK_ATTRIBUTE *attribute) {
  put_type(line, attribute->type, attribute_of(attribute->type));
  if (attribute->pValue) {
    put_number(line, attribute->ulValueLen);
    put_literal(line, "}");
  } else {
    /* What the length is then says nothing: the module sets it. */
    put_literal(line, "0,\"null\":true}");
  }
}

void arg_request(struct line *line, const char *key, unsigned length, const CK_ATTRIBUTE *list, CK_ULONG count,
                 CK_ULONG *lengths) {
  if (!list) {
    arg_null(line, key, length);
    return;
  }
  for (CK_ULONG i = 0; i < smaller(count, TEMPLATE_MOST); i++) lengths[i] = list[i].ulValueLen;
  CK_ULONG more = 0;
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  ELEMENTS(line, count, TEMPLATE_MOST, more, put_request(line, &list[i]));
  settle(line, before, length);
  line->cut += more * 32;
}

static void put_answer(struct line *line, const CK_ATTRIBUTE *attribute, CK_ULONG room, CK_ULONG class, int level) {
  CK_ULONG count = attribute->ulValueLen;
  const struct attribute_info *info = attribute_of(attribute->type);
  if (count == CK_UNAVAILABLE_INFORMATION || !attribute->pValue || (count <= room && !(info && info->kind == K_TEMPLATE))) {
    put_attribute(line, attribute, count, class, level, 1);
    return;
  }
  /* A module that says more than the buffer had room for; or an inner template, whose buffers had lengths of their own
   * before: nothing of it is read. */
  put_type(line, attribute->type, info);
  put_number(line, count);
  put_literal(line, "}");
}

void arg_answer(struct line *line, const char *key, unsigned length, const CK_ATTRIBUTE *list, CK_ULONG count,
                const CK_ULONG *lengths, int level) {
  if (!list) return;
  CK_ULONG class = class_in(list, count, lengths), more = 0;
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  ELEMENTS(line, count, TEMPLATE_MOST, more, put_answer(line, &list[i], lengths[i], class, level));
  settle(line, before, length);
  line->cut += more * 32;
}

void arg_numbers(struct line *line, const char *key, unsigned length, const char *more_key, unsigned more_length,
                 const CK_ULONG *values, CK_ULONG count) {
  CK_ULONG more = 0;
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  ELEMENTS(line, count, LIST_MOST, more, put_number(line, values[i]));
  settle(line, before, length);
  tell_more(line, more_key, more_length, more);
}

void arg_names(struct line *line, const char *key, unsigned length, const char *more_key, unsigned more_length,
               enum group group, const CK_ULONG *values, CK_ULONG count) {
  CK_ULONG more = 0;
  struct checkpoint before = checkpoint(line);
  put_key(line, key, length);
  ELEMENTS(line, count, LIST_MOST, more, put_enum(line, group, values[i]));
  settle(line, before, length);
  tell_more(line, more_key, more_length, more);
}
