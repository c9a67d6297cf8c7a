#include "mock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct slot slots[MOST_SLOTS];
int slot_count;
static int size_questions;
static char present_path[4096];

size_t bytes_from_hex(const char *hex, CK_BYTE *out, size_t most) {
  size_t n = 0;
  unsigned byte;
  for (; n < most && sscanf(hex + 2 * n, "%2x", &byte) == 1; n++) out[n] = (CK_BYTE)byte;
  return n;
}

static enum slot_kind kind_of(const char *name) {
  static const char *const names[] = {"token", "empty", "blank", "unrecognised", "broken"};
  for (int i = 0; i < 5; i++)
    if (strcmp(name, names[i]) == 0) return (enum slot_kind)i;
  return SLOT_EMPTY;
}

static void name_token(int slot) {
  struct slot *s = &slots[slot];
  memset(s->label, ' ', sizeof s->label);
  memset(s->serial, ' ', sizeof s->serial);
  char text[40];
  snprintf(text, sizeof text, "MOCK%04d", setting_is("twins", "1") ? 1 : slot + 1);
  memcpy(s->serial, text, strlen(text));
  const char *hex = setting("serial", 0);
  if (hex) bytes_from_hex(hex, s->serial, sizeof s->serial);
  if (s->kind != SLOT_TOKEN) return;
  hex = setting("label", 0);
  int smartcard = 0;
  if (hex) bytes_from_hex(hex, s->label, sizeof s->label);
  else memcpy(s->label, "Mock token", 10);
  smartcard = setting_is("smartcard-hsm", "1");
  if (smartcard && !setting("label", 0)) memcpy(s->label, "SmartCard-HSM (UserPIN)", 23);
}

void slots_open(void) {
  char text[256], *rest = text;
  const char *spec = setting("slots", 0);
  snprintf(text, sizeof text, "%s", spec ? spec : "token");
  CK_SLOT_ID first = setting_number("slot-ids", 0);
  slot_count = 0;
  size_questions = 0;
  for (char *kind; (kind = strsep(&rest, ",")) && slot_count < MOST_SLOTS; slot_count++) {
    slots[slot_count].kind = kind_of(kind);
    slots[slot_count].id = first + (CK_SLOT_ID)slot_count;
    name_token(slot_count);
  }
  const char *path = setting("present", 0);
  snprintf(present_path, sizeof present_path, "%s", path ? path : "");
}

int slot_index(CK_SLOT_ID id) {
  for (int i = 0; i < slot_count; i++)
    if (slots[i].id == id) return i;
  return -1;
}

int slot_has_token(int slot) {
  if (slots[slot].kind == SLOT_EMPTY) return 0;
  if (slot != slot_count - 1 || !*present_path || access(present_path, F_OK) == 0) return 1;
  sessions_token_left(slot);
  return 0;
}

CK_RV slot_token_error(int slot) {
  if (slot < 0) return CKR_SLOT_ID_INVALID;
  if (!slot_has_token(slot)) return CKR_TOKEN_NOT_PRESENT;
  if (slots[slot].kind == SLOT_UNRECOGNISED) return CKR_TOKEN_NOT_RECOGNIZED;
  if (slots[slot].kind == SLOT_BROKEN) return CKR_DEVICE_ERROR;
  return CKR_OK;
}

/* How many slots this call of C_GetSlotList knows of. */
static int slots_known(int asks_for_size) {
  if (asks_for_size) size_questions++;
  if (setting_is("slot-list", "grows") && asks_for_size && size_questions % 2) return slot_count - 1;
  if (setting_is("slot-list", "grows-always") && asks_for_size) return slot_count - 1;
  if (setting_is("slot-list", "shrinks") && !asks_for_size) return slot_count - 1;
  return slot_count;
}

CK_RV C_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  ENTER("C_GetSlotList");
  if (!count) return CKR_ARGUMENTS_BAD;
  CK_ULONG room = *count, n = 0;
  int known = slots_known(!list);
  for (int i = 0; i < known; i++) {
    if (present && !slot_has_token(i)) continue;
    if (list && n < room) list[n] = slots[i].id;
    n++;
  }
  *count = n;
  return list && n > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

static void padded(CK_UTF8CHAR *field, size_t size, const char *text) {
  memset(field, ' ', size);
  memcpy(field, text, strlen(text) < size ? strlen(text) : size);
}

CK_RV C_GetSlotInfo(CK_SLOT_ID id, CK_SLOT_INFO_PTR info) {
  ENTER("C_GetSlotInfo");
  int slot = slot_index(id);
  if (slot < 0) return CKR_SLOT_ID_INVALID;
  if (!info) return CKR_ARGUMENTS_BAD;
  memset(info, 0, sizeof *info);
  padded(info->slotDescription, sizeof info->slotDescription, "Mock slot");
  padded(info->manufacturerID, sizeof info->manufacturerID, "Tokenglass");
  info->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | (slot_has_token(slot) ? CKF_TOKEN_PRESENT : 0);
  info->hardwareVersion = (CK_VERSION){1, 2};
  info->firmwareVersion = (CK_VERSION){3, 4};
  return CKR_OK;
}

static void fill_sizes(int slot, CK_TOKEN_INFO_PTR info) {
  int smartcard = setting_is("smartcard-hsm", "1");
  int unknown = smartcard || setting_is("memory", "all-ones");
  CK_ULONG total = unknown ? CK_UNAVAILABLE_INFORMATION : 65536, left = unknown ? CK_UNAVAILABLE_INFORMATION : 40000;
  info->ulTotalPublicMemory = info->ulTotalPrivateMemory = total;
  info->ulFreePublicMemory = info->ulFreePrivateMemory = left;
  info->ulMaxSessionCount = info->ulMaxRwSessionCount = CK_EFFECTIVELY_INFINITE;
  info->ulSessionCount = smartcard ? 0 : sessions_open(slot, 0);
  info->ulRwSessionCount = smartcard ? 0 : sessions_open(slot, 1);
}

CK_RV C_GetTokenInfo(CK_SLOT_ID id, CK_TOKEN_INFO_PTR info) {
  ENTER("C_GetTokenInfo");
  int slot = slot_index(id);
  CK_RV rv = slot_token_error(slot);
  if (rv != CKR_OK) return rv;
  if (!info) return CKR_ARGUMENTS_BAD;
  memset(info, 0, sizeof *info);
  memcpy(info->label, slots[slot].label, sizeof info->label);
  memcpy(info->serialNumber, slots[slot].serial, sizeof info->serialNumber);
  int smartcard = setting_is("smartcard-hsm", "1");
  padded(info->manufacturerID, sizeof info->manufacturerID, smartcard ? "www.CardContact.de" : "Tokenglass");
  padded(info->model, sizeof info->model, smartcard ? "PKCS#15 emulated" : "Mock");
  memset(info->utcTime, ' ', sizeof info->utcTime);
  info->flags = CKF_RNG | CKF_LOGIN_REQUIRED | pins_flags(slot);
  if (slots[slot].kind == SLOT_TOKEN) info->flags |= CKF_TOKEN_INITIALIZED;
  if (pins_pad()) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  if (setting_is("write-protected", "1")) info->flags |= CKF_WRITE_PROTECTED;
  info->ulMinPinLen = pins_shortest();
  info->ulMaxPinLen = pins_longest();
  fill_sizes(slot, info);
  info->hardwareVersion = (CK_VERSION){1, 2};
  info->firmwareVersion = (CK_VERSION){3, 4};
  return CKR_OK;
}

/* Nothing is ever reported: changes are seen by asking for the slots again. */
CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR reserved) {
  ENTER("C_WaitForSlotEvent");
  if (!slot || reserved) return CKR_ARGUMENTS_BAD;
  while (!(flags & CKF_DONT_BLOCK)) wait_milliseconds(1000000);
  return CKR_NO_EVENT;
}

#define CKM_MOCK_VENDOR (CKM_VENDOR_DEFINED | 0x4711)
static const CK_MECHANISM_TYPE mechanisms[] = {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS, CKM_MOCK_VENDOR};

CK_RV C_GetMechanismList(CK_SLOT_ID id, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  ENTER("C_GetMechanismList");
  CK_RV rv = slot_token_error(slot_index(id));
  if (rv != CKR_OK) return rv;
  CK_ULONG n = setting_is("exotic", "1") ? 3 : 2, room = *count;
  *count = n;
  if (!list) return CKR_OK;
  if (room < n) return CKR_BUFFER_TOO_SMALL;
  memcpy(list, mechanisms, n * sizeof *list);
  return CKR_OK;
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID id, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info) {
  ENTER("C_GetMechanismInfo");
  CK_RV rv = slot_token_error(slot_index(id));
  if (rv != CKR_OK) return rv;
  *info = (CK_MECHANISM_INFO){2048, 2048, CKF_HW};
  if (type == CKM_RSA_PKCS_KEY_PAIR_GEN) info->flags |= CKF_GENERATE_KEY_PAIR;
  else if (type == CKM_RSA_PKCS) info->flags |= CKF_SIGN;
  else return CKR_MECHANISM_INVALID;
  return CKR_OK;
}
