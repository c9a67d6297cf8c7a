#include "mock.h"

#include <stdio.h>
#include <string.h>

#define MOST_TRIES 3

/* The PINs of every token, until they are changed. Tests know them; they are nobody's secret. */
static const char user_pin[] = "mock-user-pin";
static const char so_pin[] = "mock-so-pin";

struct pin {
  int set, tries, to_be_changed;
  uint64_t hash;
};
static struct pin pins[MOST_SLOTS][2]; /* [slot][0: user, 1: SO] */

/* FNV-1a: enough to recognise a PIN without writing it anywhere. */
static uint64_t hash_of(const CK_BYTE *pin, CK_ULONG length) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (CK_ULONG i = 0; i < length; i++) hash = (hash ^ pin[i]) * 0x100000001b3u;
  return hash;
}

static void state_write(void) {
  const char *path = setting("state", 0);
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int i = 0; i < MOST_SLOTS * 2; i++) {
    struct pin *p = &pins[i / 2][i % 2];
    fprintf(file, "%d %d %d %llx\n", p->set, p->tries, p->to_be_changed, (unsigned long long)p->hash);
  }
  fclose(file);
}

static void state_read(void) {
  const char *path = setting("state", 0);
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return;
  for (int i = 0; i < MOST_SLOTS * 2; i++) {
    struct pin p;
    unsigned long long hash;
    if (fscanf(file, "%d %d %d %llx", &p.set, &p.tries, &p.to_be_changed, &hash) != 4) break;
    p.hash = hash;
    pins[i / 2][i % 2] = p;
  }
  fclose(file);
}

static struct pin pin_from(const char *name, const char *text) {
  struct pin p = {1, MOST_TRIES, setting_is(name, "change"), hash_of((const CK_BYTE *)text, strlen(text))};
  if (setting_is(name, "unset")) p.set = 0;
  if (setting_is(name, "low")) p.tries = 2;
  if (setting_is(name, "final")) p.tries = 1;
  if (setting_is(name, "locked")) p.tries = 0;
  return p;
}

void pins_open(void) {
  for (int i = 0; i < MOST_SLOTS; i++) {
    pins[i][0] = pin_from("user-pin", user_pin);
    pins[i][1] = pin_from("so-pin", so_pin);
    if (slots[i].kind != SLOT_TOKEN) pins[i][0].set = pins[i][1].set = 0;
  }
  state_read();
}

/* The state file is read each time: another process may use the same token. */
CK_FLAGS pins_flags(int slot) {
  static const CK_FLAGS table[2][4] = {
      {CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED, CKF_USER_PIN_TO_BE_CHANGED},
      {CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED, CKF_SO_PIN_TO_BE_CHANGED}};
  state_read();
  CK_FLAGS flags = pins[slot][0].set ? CKF_USER_PIN_INITIALIZED : 0;
  if (setting_is("pin-flags", "never")) return flags;
  for (int so = 0; so < 2; so++) {
    const struct pin *p = &pins[slot][so];
    if (p->tries > 0 && p->tries < MOST_TRIES) flags |= table[so][0];
    if (p->tries == 1) flags |= table[so][1];
    if (p->tries == 0) flags |= table[so][2];
    if (p->to_be_changed) flags |= table[so][3];
  }
  return flags;
}

CK_ULONG pins_shortest(void) { return setting_is("smartcard-hsm", "1") ? 6 : 4; }
CK_ULONG pins_longest(void) { return setting_is("smartcard-hsm", "1") ? 15 : 32; }

int pins_pad(void) { return setting("pin-pad", 0) != NULL; }

/* CKR_OK: the reader has taken the PIN. CKR_CANCEL: there is no PIN pad, the PIN counts. */
static CK_RV from_pad(const CK_BYTE *pin, CK_ULONG length) {
  if (!pins_pad()) return CKR_CANCEL;
  if (length) return CKR_ARGUMENTS_BAD;
  if (pin && setting_is("pin-pad", "strict")) return CKR_PIN_INCORRECT;
  wait_milliseconds(200);
  return CKR_OK;
}

CK_RV pins_try(int slot, int so, const CK_BYTE *pin, CK_ULONG length) {
  state_read();
  struct pin *p = &pins[slot][so];
  if (!p->set) return so ? CKR_OK : CKR_USER_PIN_NOT_INITIALIZED;
  if (p->tries == 0) return CKR_PIN_LOCKED;
  CK_RV rv = from_pad(pin, length);
  if (rv == CKR_CANCEL) {
    if (!pin) return CKR_ARGUMENTS_BAD;
    if (length < pins_shortest() || length > pins_longest()) return CKR_PIN_LEN_RANGE;
    rv = hash_of(pin, length) == p->hash ? CKR_OK : CKR_PIN_INCORRECT;
  }
  if (rv == CKR_OK) p->tries = MOST_TRIES;
  if (rv == CKR_PIN_INCORRECT) p->tries--;
  state_write();
  return rv;
}

CK_RV pins_set(int slot, int so, const CK_BYTE *pin, CK_ULONG length) {
  CK_RV rv = from_pad(pin, length);
  if (rv == CKR_ARGUMENTS_BAD || rv == CKR_PIN_INCORRECT) return rv;
  if (rv == CKR_CANCEL && (!pin || length < pins_shortest() || length > pins_longest())) return CKR_PIN_LEN_RANGE;
  pins[slot][so] = (struct pin){1, MOST_TRIES, 0, rv == CKR_OK ? pins[slot][so].hash : hash_of(pin, length)};
  state_write();
  return CKR_OK;
}

void pins_unset_user(int slot) {
  pins[slot][0] = (struct pin){0, MOST_TRIES, 0, 0};
  state_write();
}
