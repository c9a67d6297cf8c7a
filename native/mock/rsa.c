#include "mock.h"

#include <string.h>

/*
 * RSA with the one private key of this module: m^d mod n by square and multiply in Montgomery form, 64 limbs of 32
 * bits, least significant first. Neither fast nor safe against anyone who measures: the key is public anyway.
 */

#define LIMBS 64
typedef uint32_t number[LIMBS];

static void from_bytes(number out, const CK_BYTE in[256]) {
  for (int i = 0; i < LIMBS; i++) {
    const CK_BYTE *b = in + 4 * (LIMBS - 1 - i);
    out[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
  }
}

static void to_bytes(CK_BYTE out[256], const number in) {
  for (int i = 0; i < 256; i++) out[i] = (CK_BYTE)(in[(255 - i) / 4] >> 8 * ((255 - i) % 4));
}

static int less(const number a, const number b) {
  for (int i = LIMBS - 1; i >= 0; i--)
    if (a[i] != b[i]) return a[i] < b[i];
  return 0;
}

static void subtract(number a, const number b) {
  uint64_t borrow = 0;
  for (int i = 0; i < LIMBS; i++) {
    uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
    a[i] = (uint32_t)difference;
    borrow = difference >> 63;
  }
}

static void double_modulo(number a, const number n) {
  uint32_t carry = 0;
  for (int i = 0; i < LIMBS; i++) {
    uint32_t top = a[i] >> 31;
    a[i] = a[i] << 1 | carry;
    carry = top;
  }
  if (carry || !less(a, n)) subtract(a, n);
}

/* out = a * b / 2^2048 mod n */
static void montgomery(number out, const number a, const number b, const number n, uint32_t inverse) {
  uint32_t t[LIMBS + 2] = {0};
  for (int i = 0; i < LIMBS; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < LIMBS; j++) {
      carry += (uint64_t)a[i] * b[j] + t[j];
      t[j] = (uint32_t)carry;
      carry >>= 32;
    }
    carry += t[LIMBS];
    t[LIMBS] = (uint32_t)carry;
    t[LIMBS + 1] = (uint32_t)(carry >> 32);
    uint32_t m = t[0] * inverse;
    carry = ((uint64_t)m * n[0] + t[0]) >> 32;
    for (int j = 1; j < LIMBS; j++) {
      carry += (uint64_t)m * n[j] + t[j];
      t[j - 1] = (uint32_t)carry;
      carry >>= 32;
    }
    carry += t[LIMBS];
    t[LIMBS - 1] = (uint32_t)carry;
    t[LIMBS] = t[LIMBS + 1] + (uint32_t)(carry >> 32);
  }
  int over = t[LIMBS] != 0 || !less(t, n);
  memcpy(out, t, sizeof(number));
  if (over) subtract(out, n);
}

void rsa_private(const CK_BYTE in[256], CK_BYTE out[256]) {
  number n, x, base;
  from_bytes(n, rsa_modulus);
  uint32_t inverse = 1;
  for (int i = 0; i < 5; i++) inverse *= 2 - n[0] * inverse;
  inverse = 0u - inverse;
  from_bytes(base, in);
  for (int i = 0; i < 2048; i++) double_modulo(base, n);
  number one = {1};
  memcpy(x, one, sizeof x);
  for (int i = 0; i < 2048; i++) double_modulo(x, n);
  for (int i = 0; i < 2048; i++) {
    montgomery(x, x, x, n, inverse);
    if (rsa_private_exponent[i / 8] >> (7 - i % 8) & 1) montgomery(x, x, base, n, inverse);
  }
  montgomery(x, x, one, n, inverse);
  to_bytes(out, x);
}
