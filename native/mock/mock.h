#ifndef TOKENGLASS_MOCK_H
#define TOKENGLASS_MOCK_H

#include "../faults/faults.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A small PKCS#11 2.40 module for tests, in memory, that behaves as real devices do or as badly as it is told to.
 * The environment variable TOKENGLASS_MOCK says how; the faults of faults.h work in every function. PINs are
 * fixed (pins.c). All settings, with what they are when left out:
 *
 * Slots
 *   slots=KIND,...       token (one is the default) | empty | blank (uninitialised) | unrecognised | broken (CKR_DEVICE_ERROR)
 *   slot-ids=N           id of the first slot, the others follow [0]; may be above 32 bits
 *   slot-list=HOW        grows (every other time, the last slot comes after the question for the size) | grows-always | shrinks
 *   present=PATH         the token in the last slot is inserted only while that file is there
 *   twins=1              all tokens have the same serial number
 *   label=HEX serial=HEX raw bytes of the token's label ["Mock token"] and serial number ["MOCK000N"]
 *   memory=all-ones      sizes are CK_UNAVAILABLE_INFORMATION
 *   version=MAJOR.MINOR  what C_GetInfo claims [2.40]
 *   write-protected=1
 *   smartcard-hsm=1      like that device: label suffix, device key, PIN 6-15, no sizes, no import of keys
 * PINs
 *   user-pin=STATE so-pin=STATE   set [default] | unset (user) | low | final | locked | change
 *   pin-flags=never      tries run out without any flag, as with SoftHSM
 *   pin-pad=1            PINs are typed on the reader (200 ms); a PIN from the program is CKR_ARGUMENTS_BAD
 *   pin-pad=strict       the same, and an empty PIN that is not NULL_PTR is a wrong one
 *   state=PATH           file in which tries and PIN changes outlive the process (hashes, no PINs)
 * Objects of every initialised token
 *   objects=N [3] certificates; pairs=N [1] RSA-2048 key pairs; data=N [1] data objects
 *   object-label=HEX     label of the first certificate
 *   ec=HOW               an EC pair whose CKA_EC_POINT is der | raw | bits | compressed | truncated | odd | empty
 *   private-search=class private keys are found only by a search for that class
 *   exotic=1             a vendor class, CKO_PROFILE, vendor attributes, a vendor mechanism
 *   device-key=1         the device's own key pair: CKA_ID of 20 zero bytes
 *   always-auth=1        private keys want C_Login(CKU_CONTEXT_SPECIFIC) between C_SignInit and C_Sign
 *   sign=bad             signatures are wrong
 *   attr-fail=TYPE:RV    reading that attribute fails with that value; may be given several times
 *   strict=1             one failing attribute fails a whole template and nothing is filled in
 *   attr-lie=TYPE:HOW    the length asked for first is longer | shorter | zero | unavailable (with CKR_OK)
 */

#define MOST_SLOTS 8
#define MOST_ATTRIBUTES 40

#define ENTER(name)                   \
  do {                                \
    CK_RV entered = enter(name);      \
    if (entered != CKR_OK) return entered; \
  } while (0)

/* Faults of `function` happen; then CKR_CRYPTOKI_NOT_INITIALIZED before C_Initialize. */
CK_RV enter(const char *function);

/* material.c */
extern CK_BYTE const certificate_der[736];
extern CK_BYTE const certificate_name[51];
extern CK_BYTE const rsa_modulus[256];
extern CK_BYTE const rsa_private_exponent[256];
extern CK_BYTE const p256_oid[10];
extern CK_BYTE const p256_point[65];

/* slots.c */
enum slot_kind { SLOT_TOKEN, SLOT_EMPTY, SLOT_BLANK, SLOT_UNRECOGNISED, SLOT_BROKEN };
struct slot {
  enum slot_kind kind;
  CK_SLOT_ID id;
  CK_BYTE label[32];
  CK_BYTE serial[16];
};
extern struct slot slots[MOST_SLOTS];
extern int slot_count;
void slots_open(void);
int slot_index(CK_SLOT_ID id); /* -1: no such slot */
int slot_has_token(int slot);
CK_RV slot_token_error(int slot); /* CKR_OK if a token can be used */
/* Decodes hexadecimal text. Gives the number of bytes. */
size_t bytes_from_hex(const char *hex, CK_BYTE *out, size_t most);

/* pins.c */
void pins_open(void);
CK_FLAGS pins_flags(int slot);
int pins_pad(void);
/* One try. A NULL pin is good when the reader has a PIN pad. */
CK_RV pins_try(int slot, int so, const CK_BYTE *pin, CK_ULONG length);
CK_RV pins_set(int slot, int so, const CK_BYTE *pin, CK_ULONG length);
void pins_unset_user(int slot);
CK_ULONG pins_shortest(void);
CK_ULONG pins_longest(void);

/* sessions.c */
struct session {
  int open;
  int slot;
  CK_FLAGS flags;
  /* search */
  CK_OBJECT_HANDLE *found;
  CK_ULONG found_count, found_next;
  int searching;
  /* signature under way */
  CK_OBJECT_HANDLE signing_key;
  int signing, authenticated;
};
/* @return NULL: no such session; *rv says why (a token that was pulled out closes its sessions) */
struct session *session_get(CK_SESSION_HANDLE handle, CK_RV *rv);
int logged_in(int slot); /* -1 nobody, CKU_SO, CKU_USER */
void sessions_token_left(int slot);
void sessions_close_all(void);
CK_ULONG sessions_open(int slot, int only_read_write);

/* store.c */
struct object {
  int slot;
  CK_ULONG count;
  CK_ATTRIBUTE attributes[MOST_ATTRIBUTES];
};
void store_open(CK_ULONG capacity);
void store_close(void);
CK_OBJECT_HANDLE store_add(struct object *object); /* 0: full */
struct object *store_get(CK_OBJECT_HANDLE handle);
void store_remove(CK_OBJECT_HANDLE handle);
CK_OBJECT_HANDLE store_last(void);
struct object *object_new(int slot);
void object_put(struct object *object, CK_ATTRIBUTE_TYPE type, const void *value, size_t length);
void object_put_ulong(struct object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value);
void object_put_bool(struct object *object, CK_ATTRIBUTE_TYPE type, CK_BBOOL value);
CK_ATTRIBUTE *object_find(struct object *object, CK_ATTRIBUTE_TYPE type);
int object_is(struct object *object, CK_ATTRIBUTE_TYPE type); /* a boolean attribute that is true */
int object_visible(struct object *object, struct session *session);

/* contents.c */
void contents_fill(int slot);
void contents_rsa_pair(struct object *public_key, struct object *private_key);

/* sign.c */
void rsa_private(const CK_BYTE in[256], CK_BYTE out[256]);

#endif
