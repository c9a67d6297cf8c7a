#include "mock.h"

#include <stdio.h>
#include <string.h>

#define CKO_PROFILE 0x9UL         /* PKCS#11 3.0, 4.12 */
#define CKA_PROFILE_ID 0x601UL
#define CKA_MOCK_VENDOR (CKA_VENDOR_DEFINED | 0x4711)

static struct object *common(int slot, CK_OBJECT_CLASS class, const char *label, int private) {
  struct object *o = object_new(slot);
  object_put_ulong(o, CKA_CLASS, class);
  object_put_bool(o, CKA_TOKEN, CK_TRUE);
  object_put_bool(o, CKA_PRIVATE, private ? CK_TRUE : CK_FALSE);
  object_put_bool(o, CKA_MODIFIABLE, CK_TRUE);
  object_put(o, CKA_LABEL, label, strlen(label));
  return o;
}

static void put_id(struct object *o, int number) {
  CK_BYTE id[2] = {(CK_BYTE)(number >> 8), (CK_BYTE)number};
  object_put(o, CKA_ID, id, sizeof id);
}

/* The serial number in the copy is the object's own; the first certificate is untouched and its signature good. */
static void add_certificate(int slot, int number) {
  char label[40];
  snprintf(label, sizeof label, "certificate %d", number);
  struct object *o = common(slot, CKO_CERTIFICATE, label, 0);
  CK_BYTE der[sizeof certificate_der];
  memcpy(der, certificate_der, sizeof der);
  if (number > 1) {
    der[15] = (CK_BYTE)(0x20 | (number >> 8 & 0x1f));
    der[16] = (CK_BYTE)number;
  }
  object_put_ulong(o, CKA_CERTIFICATE_TYPE, CKC_X_509);
  object_put(o, CKA_VALUE, der, sizeof der);
  object_put(o, CKA_SUBJECT, certificate_name, sizeof certificate_name);
  object_put(o, CKA_ISSUER, certificate_name, sizeof certificate_name);
  object_put(o, CKA_SERIAL_NUMBER, der + 13, 4);
  put_id(o, number);
  if (setting_is("exotic", "1")) object_put(o, CKA_MOCK_VENDOR, "vendor", 6);
  const char *hex = number == 1 ? setting("object-label", 0) : NULL;
  CK_BYTE bytes[2048];
  if (hex) object_put(o, CKA_LABEL, bytes, bytes_from_hex(hex, bytes, sizeof bytes));
  store_add(o);
}

static void put_key_defaults(struct object *public_key, struct object *private_key, CK_KEY_TYPE type) {
  object_put_ulong(public_key, CKA_KEY_TYPE, type);
  object_put_ulong(private_key, CKA_KEY_TYPE, type);
  object_put_bool(public_key, CKA_VERIFY, CK_TRUE);
  object_put_bool(private_key, CKA_SIGN, CK_TRUE);
  object_put_bool(private_key, CKA_SENSITIVE, CK_TRUE);
  object_put_bool(private_key, CKA_EXTRACTABLE, CK_FALSE);
  object_put_bool(private_key, CKA_ALWAYS_SENSITIVE, CK_TRUE);
  object_put_bool(private_key, CKA_NEVER_EXTRACTABLE, CK_TRUE);
  object_put_bool(private_key, CKA_ALWAYS_AUTHENTICATE, setting_is("always-auth", "1") ? CK_TRUE : CK_FALSE);
}

void contents_rsa_pair(struct object *public_key, struct object *private_key) {
  static const CK_BYTE exponent[3] = {1, 0, 1};
  put_key_defaults(public_key, private_key, CKK_RSA);
  object_put_ulong(public_key, CKA_MODULUS_BITS, 2048);
  struct object *both[2] = {public_key, private_key};
  for (int i = 0; i < 2; i++) {
    object_put(both[i], CKA_MODULUS, rsa_modulus, sizeof rsa_modulus);
    object_put(both[i], CKA_PUBLIC_EXPONENT, exponent, sizeof exponent);
    object_put_bool(both[i], CKA_LOCAL, CK_TRUE);
  }
}

static void add_pair(int slot, int number) {
  char label[40];
  snprintf(label, sizeof label, "key %d", number);
  struct object *public_key = common(slot, CKO_PUBLIC_KEY, label, 0);
  struct object *private_key = common(slot, CKO_PRIVATE_KEY, label, 1);
  contents_rsa_pair(public_key, private_key);
  put_id(public_key, number);
  put_id(private_key, number);
  store_add(public_key);
  store_add(private_key);
}

static void add_device_key(int slot) {
  static const CK_BYTE zeros[20];
  struct object *public_key = common(slot, CKO_PUBLIC_KEY, "MOCK0001", 0);
  struct object *private_key = common(slot, CKO_PRIVATE_KEY, "MOCK0001", 0);
  contents_rsa_pair(public_key, private_key);
  object_put(public_key, CKA_ID, zeros, sizeof zeros);
  object_put(private_key, CKA_ID, zeros, sizeof zeros);
  store_add(public_key);
  store_add(private_key);
}

/* PKCS#11 2.40, 2.3.3: the point is a DER OCTET STRING; what modules really give is listed in mock.h. */
static void put_point(struct object *o, const char *how) {
  CK_BYTE v[80];
  memcpy(v + 3, p256_point, sizeof p256_point);
  v[0] = 0x04, v[1] = 65;
  memmove(v + 2, v + 3, 65);
  size_t n = 67;
  if (strcmp(how, "raw") == 0) memcpy(v, p256_point, n = 65);
  if (strcmp(how, "bits") == 0) {
    v[0] = 0x03, v[1] = 66, v[2] = 0;
    memcpy(v + 3, p256_point, 65);
    n = 68;
  }
  if (strcmp(how, "compressed") == 0) {
    v[1] = 33, v[2] = (CK_BYTE)(2 + (p256_point[64] & 1));
    n = 35;
  }
  if (strcmp(how, "truncated") == 0) n = 40;
  if (strcmp(how, "odd") == 0) v[1] = 64, n = 66;
  if (strcmp(how, "empty") == 0) n = 0;
  object_put(o, CKA_EC_POINT, v, n);
}

static void add_ec_pair(int slot, const char *how) {
  struct object *public_key = common(slot, CKO_PUBLIC_KEY, "EC key", 0);
  struct object *private_key = common(slot, CKO_PRIVATE_KEY, "EC key", 1);
  put_key_defaults(public_key, private_key, CKK_EC);
  object_put(public_key, CKA_EC_PARAMS, p256_oid, sizeof p256_oid);
  object_put(private_key, CKA_EC_PARAMS, p256_oid, sizeof p256_oid);
  put_point(public_key, how);
  put_id(public_key, 0xec);
  put_id(private_key, 0xec);
  store_add(public_key);
  store_add(private_key);
}

static void add_data(int slot, int number) {
  char label[40];
  snprintf(label, sizeof label, "data %d", number);
  struct object *o = common(slot, CKO_DATA, label, 0);
  object_put(o, CKA_APPLICATION, "mock", 4);
  object_put(o, CKA_VALUE, label, strlen(label));
  store_add(o);
}

static void add_exotic(int slot) {
  struct object *profile = common(slot, CKO_PROFILE, "", 0);
  object_put_ulong(profile, CKA_PROFILE_ID, 1);
  store_add(profile);
  struct object *vendor = common(slot, CKO_VENDOR_DEFINED | 0x4711, "vendor object", 0);
  object_put(vendor, CKA_MOCK_VENDOR, "\x00\xff", 2);
  store_add(vendor);
}

void contents_fill(int slot) {
  int smartcard = setting_is("smartcard-hsm", "1");
  for (int i = 1, n = (int)setting_number("objects", 3); i <= n; i++) add_certificate(slot, i);
  for (int i = 1, n = (int)setting_number("pairs", 1); i <= n; i++) add_pair(slot, i);
  for (int i = 1, n = (int)setting_number("data", 1); i <= n; i++) add_data(slot, i);
  char how[32];
  const char *ec = setting("ec", 0);
  if (ec) {
    snprintf(how, sizeof how, "%s", ec);
    add_ec_pair(slot, how);
  }
  if (smartcard || setting_is("exotic", "1")) add_exotic(slot);
  if (smartcard || setting_is("device-key", "1")) add_device_key(slot);
}
