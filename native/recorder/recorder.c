#include "recorder.h"

#include <errno.h>
#include <string.h>

static CK_RV recorder_called(enum function function, const uintptr_t *values, unsigned count);

#define ARGUMENTS_FUNCTIONS
#include "arguments.h"

#define EXPORT __attribute__((visibility("default")))

static struct recorder recorder = {.canary = ""};

EXPORT struct recorder *recorder_control(void);
struct recorder *recorder_control(void) { return &recorder; }

static void fill(void *bytes, CK_ULONG count, int never) {
  size_t length = strlen(recorder.canary);
  for (CK_ULONG i = 0; i < count; i++) ((CK_BYTE *)bytes)[i] = never && length ? (CK_BYTE)recorder.canary[i % length] : (CK_BYTE)(0x41 + i % 23);
}

static CK_ULONG smaller(CK_ULONG a, CK_ULONG b) { return a < b ? a : b; }

/* Whether nobody may see the attribute's value. */
static int is_secret(CK_ATTRIBUTE_TYPE type) {
  for (unsigned i = 0; i < attribute_count; i++)
    if (attributes[i].type == type) return attributes[i].secrecy == SECRECY_NEVER;
  return 1;
}

/* Answers a request for attributes: every fifth is unavailable, the others fill their buffers. */
static void answer(CK_ATTRIBUTE *list, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) {
    if (i % 5 == 4) {
      list[i].ulValueLen = CK_UNAVAILABLE_INFORMATION;
    } else if (!list[i].pValue) {
      list[i].ulValueLen = 32 + i;
    } else {
      fill(list[i].pValue, list[i].ulValueLen, is_secret(list[i].type));
      if (recorder.lies) list[i].ulValueLen += 100000;
    }
  }
}

static void fill_argument(const struct argument *row, const uintptr_t *values, uintptr_t value) {
  static const CK_ULONG list[] = {1, 2, 0x80000001UL};
  void *at = (void *)value;
  CK_ULONG *length = row->length >= 0 ? (CK_ULONG *)values[row->length] : NULL;
  switch (row->kind) {
    case A_BUFFER:
      if (row->length >= 0 && values[row->length] < 4096) {
        fill(at, values[row->length], row->never);
      } else if (length) {
        fill(at, *length, row->never);
      }
      break;
    case A_SLOTS:
    case A_MECHANISMS:
    case A_HANDLES: {
      CK_ULONG room = row->room >= 0 ? values[row->room] : length ? *length : 0;
      memcpy(at, list, smaller(room, 3) * sizeof *list);
      break;
    }
    case A_STRUCTURE:
      fill(at, row->size, 0);
      break;
    case A_TEMPLATE:
      break;
    default:
      *(CK_ULONG *)at = 0x1234;
  }
}

static int fills(void) {
  return recorder.rv == CKR_OK || recorder.rv == CKR_ATTRIBUTE_SENSITIVE || recorder.rv == CKR_BUFFER_TOO_SMALL;
}

static CK_RV recorder_called(enum function function, const uintptr_t *values, unsigned count) {
  recorder.error = errno;
  recorder.calls++;
  recorder.function = function;
  recorder.count = count;
  memcpy(recorder.arguments, values, count * sizeof *values);
  errno = 4242;
  if (!fills()) return recorder.rv;
  const struct argument *rows = function_arguments[function].rows;
  for (unsigned i = 0; i < count; i++)
    if (rows[i].out && rows[i].pointer && rows[i].kind != A_LENGTH && values[i]) {
      if (rows[i].kind == A_TEMPLATE)
        answer((CK_ATTRIBUTE *)values[i], values[rows[i].length]);
      else if (recorder.rv == CKR_OK)
        fill_argument(&rows[i], values, values[i]);
    }
  for (unsigned i = 0; i < count; i++)
    if (rows[i].kind == A_LENGTH && rows[i].pointer && values[i]) {
      CK_ULONG *length = (CK_ULONG *)values[i];
      *length = recorder.rv == CKR_BUFFER_TOO_SMALL || recorder.lies ? 100000 : *length > 3 && *length < 64 ? *length - 1 : 3;
    }
  return recorder.rv;
}

/* Lists: that of 2.40 claims to be of 3.0 (as softhsm/SoftHSMv2#839), that of 3.0 has no C_SessionCancel. */

static CK_RV get_function_list(struct function_list **out);
static CK_RV get_interface_list(CK_INTERFACE_PTR out, CK_ULONG_PTR count);
static CK_RV get_interface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR out, CK_FLAGS flags);

static struct function_list list_2_40 = RECORDER_LIST(3, 0, get_function_list, NULL, NULL);
static struct function_list list_3_0 = RECORDER_LIST(3, 0, get_function_list, get_interface_list, get_interface);
static struct function_list list_3_2 = RECORDER_LIST(3, 2, get_function_list, get_interface_list, get_interface);
static CK_VERSION vendor_list = {9, 9};

static CK_UTF8CHAR standard[] = "PKCS 11", vendor[] = "Vendor X";
static CK_INTERFACE interfaces[] = {{standard, &list_3_2, 1}, {standard, &list_3_0, 1}, {vendor, &vendor_list, 0}};
#define INTERFACE_COUNT (sizeof interfaces / sizeof *interfaces)

static CK_RV get_function_list(struct function_list **out) {
  if (!out) return CKR_ARGUMENTS_BAD;
  list_3_0.C_SessionCancel = NULL;
  *out = &list_2_40;
  return CKR_OK;
}

static CK_RV get_interface_list(CK_INTERFACE_PTR out, CK_ULONG_PTR count) {
  if (!count) return CKR_ARGUMENTS_BAD;
  CK_ULONG room = *count;
  *count = INTERFACE_COUNT;
  if (!out) return CKR_OK;
  if (room < INTERFACE_COUNT) return CKR_BUFFER_TOO_SMALL;
  memcpy(out, interfaces, sizeof interfaces);
  return CKR_OK;
}

static CK_RV get_interface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR out, CK_FLAGS flags) {
  if (!out) return CKR_ARGUMENTS_BAD;
  for (unsigned i = 0; i < INTERFACE_COUNT; i++) {
    const CK_VERSION *has = interfaces[i].pFunctionList;
    if (name && strcmp((const char *)name, (const char *)interfaces[i].pInterfaceName) != 0) continue;
    if (version && (version->major != has->major || version->minor != has->minor)) continue;
    if ((interfaces[i].flags & flags) != flags) continue;
    *out = &interfaces[i];
    return CKR_OK;
  }
  return CKR_ARGUMENTS_BAD;
}

EXPORT CK_RV C_GetFunctionList(struct function_list **out);
CK_RV C_GetFunctionList(struct function_list **out) { return get_function_list(out); }
EXPORT CK_RV C_GetInterfaceList(CK_INTERFACE_PTR out, CK_ULONG_PTR count);
CK_RV C_GetInterfaceList(CK_INTERFACE_PTR out, CK_ULONG_PTR count) { return get_interface_list(out, count); }
EXPORT CK_RV C_GetInterface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR out, CK_FLAGS flags);
CK_RV C_GetInterface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR out, CK_FLAGS flags) {
  return get_interface(name, version, out, flags);
}
