#include "mock.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SESSIONS 64

static struct session sessions[MOST_SESSIONS]; /* handle = index + 1 */
static int logins[MOST_SLOTS];                 /* 0 nobody, else 1 + CKU_ value */

int logged_in(int slot) { return logins[slot] - 1; }

CK_ULONG sessions_open(int slot, int only_read_write) {
  CK_ULONG n = 0;
  for (int i = 0; i < MOST_SESSIONS; i++)
    n += sessions[i].open && sessions[i].slot == slot && (!only_read_write || sessions[i].flags & CKF_RW_SESSION);
  return n;
}

static void close_session(struct session *s) {
  int slot = s->slot;
  free(s->found);
  memset(s, 0, sizeof *s);
  if (sessions_open(slot, 0) == 0) logins[slot] = 0;
}

void sessions_token_left(int slot) {
  for (int i = 0; i < MOST_SESSIONS; i++)
    if (sessions[i].open && sessions[i].slot == slot) close_session(&sessions[i]);
}

void sessions_close_all(void) {
  for (int i = 0; i < slot_count; i++) sessions_token_left(i);
}

struct session *session_get(CK_SESSION_HANDLE handle, CK_RV *rv) {
  *rv = CKR_SESSION_HANDLE_INVALID;
  if (handle == 0 || handle > MOST_SESSIONS || !sessions[handle - 1].open) return NULL;
  struct session *s = &sessions[handle - 1];
  *rv = CKR_DEVICE_REMOVED;
  if (!slot_has_token(s->slot)) return NULL;
  *rv = CKR_OK;
  return s;
}

CK_RV C_OpenSession(CK_SLOT_ID id, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
                    CK_SESSION_HANDLE_PTR handle) {
  ENTER("C_OpenSession");
  (void)application, (void)notify;
  int slot = slot_index(id);
  CK_RV rv = slot_token_error(slot);
  if (rv != CKR_OK) return rv;
  if (!(flags & CKF_SERIAL_SESSION)) return CKR_SESSION_PARALLEL_NOT_SUPPORTED;
  if (flags & CKF_RW_SESSION && setting_is("write-protected", "1")) return CKR_TOKEN_WRITE_PROTECTED;
  if (!(flags & CKF_RW_SESSION) && logged_in(slot) == CKU_SO) return CKR_SESSION_READ_WRITE_SO_EXISTS;
  for (CK_ULONG i = 0; i < MOST_SESSIONS; i++) {
    if (sessions[i].open) continue;
    sessions[i] = (struct session){.open = 1, .slot = slot, .flags = flags};
    *handle = i + 1;
    return CKR_OK;
  }
  return CKR_SESSION_COUNT;
}

CK_RV C_CloseSession(CK_SESSION_HANDLE handle) {
  ENTER("C_CloseSession");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (s) close_session(s);
  return rv;
}

CK_RV C_CloseAllSessions(CK_SLOT_ID id) {
  ENTER("C_CloseAllSessions");
  int slot = slot_index(id);
  if (slot < 0) return CKR_SLOT_ID_INVALID;
  sessions_token_left(slot);
  return CKR_OK;
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE handle, CK_SESSION_INFO_PTR info) {
  ENTER("C_GetSessionInfo");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  int rw = (s->flags & CKF_RW_SESSION) != 0, who = logged_in(s->slot);
  CK_STATE state = who == CKU_SO     ? CKS_RW_SO_FUNCTIONS
                   : who == CKU_USER ? (rw ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS)
                                     : (rw ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION);
  *info = (CK_SESSION_INFO){slots[s->slot].id, state, s->flags, 0};
  return CKR_OK;
}

static CK_RV login_again(struct session *s, const CK_BYTE *pin, CK_ULONG length) {
  if (!s->signing || !object_is(store_get(s->signing_key), CKA_ALWAYS_AUTHENTICATE))
    return CKR_OPERATION_NOT_INITIALIZED;
  CK_RV rv = pins_try(s->slot, 0, pin, length);
  s->authenticated = rv == CKR_OK;
  return rv;
}

CK_RV C_Login(CK_SESSION_HANDLE handle, CK_USER_TYPE who, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  ENTER("C_Login");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (who == CKU_CONTEXT_SPECIFIC) return login_again(s, pin, length);
  if (who != CKU_USER && who != CKU_SO) return CKR_USER_TYPE_INVALID;
  int now = logged_in(s->slot);
  if (now == (int)who) return CKR_USER_ALREADY_LOGGED_IN;
  if (now >= 0) return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
  if (who == CKU_SO && sessions_open(s->slot, 0) != sessions_open(s->slot, 1)) return CKR_SESSION_READ_ONLY_EXISTS;
  rv = pins_try(s->slot, who == CKU_SO, pin, length);
  if (rv == CKR_OK) logins[s->slot] = 1 + (int)who;
  return rv;
}

CK_RV C_Logout(CK_SESSION_HANDLE handle) {
  ENTER("C_Logout");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (logged_in(s->slot) < 0) return CKR_USER_NOT_LOGGED_IN;
  logins[s->slot] = 0;
  return CKR_OK;
}

CK_RV C_InitPIN(CK_SESSION_HANDLE handle, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  ENTER("C_InitPIN");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (logged_in(s->slot) != CKU_SO) return CKR_USER_NOT_LOGGED_IN;
  return pins_set(s->slot, 0, pin, length);
}

CK_RV C_SetPIN(CK_SESSION_HANDLE handle, CK_UTF8CHAR_PTR old_pin, CK_ULONG old_length, CK_UTF8CHAR_PTR new_pin,
               CK_ULONG new_length) {
  ENTER("C_SetPIN");
  CK_RV rv;
  struct session *s = session_get(handle, &rv);
  if (!s) return rv;
  if (!(s->flags & CKF_RW_SESSION)) return CKR_SESSION_READ_ONLY;
  int so = logged_in(s->slot) == CKU_SO;
  rv = pins_try(s->slot, so, old_pin, old_length);
  return rv == CKR_OK ? pins_set(s->slot, so, new_pin, new_length) : rv;
}

CK_RV C_InitToken(CK_SLOT_ID id, CK_UTF8CHAR_PTR pin, CK_ULONG length, CK_UTF8CHAR_PTR label) {
  ENTER("C_InitToken");
  int slot = slot_index(id);
  CK_RV rv = slot_token_error(slot);
  if (rv != CKR_OK) return rv;
  if (sessions_open(slot, 0)) return CKR_SESSION_EXISTS;
  if (setting_is("write-protected", "1")) return CKR_TOKEN_WRITE_PROTECTED;
  if (slots[slot].kind == SLOT_TOKEN) rv = pins_try(slot, 1, pin, length);
  else rv = pins_set(slot, 1, pin, length);
  if (rv != CKR_OK) return rv;
  for (CK_OBJECT_HANDLE h = 1; h <= store_last(); h++) {
    struct object *object = store_get(h);
    if (object && object->slot == slot) store_remove(h);
  }
  memcpy(slots[slot].label, label, sizeof slots[slot].label);
  slots[slot].kind = SLOT_TOKEN;
  pins_unset_user(slot);
  return CKR_OK;
}
