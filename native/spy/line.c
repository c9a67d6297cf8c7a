#include "line.h"

static const char pairs[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static const char hexadecimal[] = "0123456789abcdef";

static const uint64_t powers[] = {0,
                                  10,
                                  100,
                                  1000,
                                  10000,
                                  100000,
                                  1000000,
                                  10000000,
                                  100000000,
                                  1000000000,
                                  10000000000,
                                  100000000000,
                                  1000000000000,
                                  10000000000000,
                                  100000000000000,
                                  1000000000000000,
                                  10000000000000000,
                                  100000000000000000,
                                  1000000000000000000,
                                  10000000000000000000u};

char *digits(char *at, uint64_t value) {
  if (value < 10) {
    *at = (char)('0' + value);
    return at + 1;
  }
  /* 1233/4096 is a little more than log10(2): the number of digits, or one too many. */
  unsigned guess = (64 - (unsigned)__builtin_clzll(value)) * 1233 >> 12;
  char *end = at + guess + (value >= powers[guess]), *from = end;
  while (value >= 100) {
    uint64_t rest = value / 100;
    from -= 2;
    memcpy(from, pairs + (value - rest * 100) * 2, 2);
    value = rest;
  }
  if (value >= 10)
    memcpy(from - 2, pairs + value * 2, 2);
  else
    from[-1] = (char)('0' + value);
  return end;
}

void put_decimal(struct line *line, uint64_t value) {
  char text[20];
  put_bytes(line, text, (unsigned long)(digits(text, value) - text));
}

void put_hex_number(struct line *line, CK_ULONG value) {
  char text[20] = "\"0x";
  char *at = text + 3;
  /* Eight digits at least, as the codes of the standard are written. */
  for (int shift = value >> 31 >> 1 ? 60 : 28; shift >= 0; shift -= 4) *at++ = hexadecimal[value >> shift & 15];
  *at++ = '"';
  put_bytes(line, text, (unsigned long)(at - text));
}

void put_number(struct line *line, CK_ULONG value) {
  if (value == CK_UNAVAILABLE_INFORMATION)
    put_literal(line, "null");
  else if ((uint64_t)value > (uint64_t)1 << 53)
    put_hex_number(line, value);
  else
    put_decimal(line, value);
}

void put_hex(struct line *line, const CK_BYTE *bytes, CK_ULONG count, CK_ULONG most) {
  if (count > most) count = most;
  put_literal(line, "\"");
  if (line->over || line->end - line->at < (long)(count * 2)) {
    line->over = 1;
    return;
  }
  for (CK_ULONG i = 0; i < count; i++) {
    *line->at++ = hexadecimal[bytes[i] >> 4];
    *line->at++ = hexadecimal[bytes[i] & 15];
  }
  put_literal(line, "\"");
}

/* Length of the UTF-8 character at `text`, or 0 if it is none (too long, a surrogate, beyond U+10FFFF, cut off). */
static unsigned utf8_length(const CK_BYTE *text, CK_ULONG count) {
  CK_BYTE first = text[0];
  unsigned length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || length > count) return 0;
  for (unsigned i = 1; i < length; i++)
    if ((text[i] & 0xc0) != 0x80) return 0;
  if (first == 0xe0 && text[1] < 0xa0) return 0;
  if (first == 0xed && text[1] >= 0xa0) return 0;
  if (first == 0xf0 && text[1] < 0x90) return 0;
  if (first == 0xf4 && text[1] >= 0x90) return 0;
  return length;
}

void put_text(struct line *line, const void *text, CK_ULONG count, CK_ULONG most) {
  const CK_BYTE *bytes = text;
  while (count > 0 && (bytes[count - 1] == ' ' || bytes[count - 1] == 0)) count--;
  int shortened = count > most;
  if (shortened) count = most;
  put_literal(line, "\"");
  for (CK_ULONG i = 0; i < count;) {
    unsigned length = utf8_length(bytes + i, count - i);
    if (length == 0) {
      put_literal(line, "\xef\xbf\xbd");
      length = 1;
    } else if (bytes[i] == '"' || bytes[i] == '\\') {
      char escaped[2] = {'\\', (char)bytes[i]};
      put_bytes(line, escaped, 2);
    } else if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
      char escaped[6] = {'\\', 'u', '0', '0', hexadecimal[bytes[i] >> 4], hexadecimal[bytes[i] & 15]};
      put_bytes(line, escaped, 6);
    } else {
      put_bytes(line, bytes + i, length);
    }
    i += length;
  }
  if (shortened) put_literal(line, "\xe2\x80\xa6");
  put_literal(line, "\"");
}

void put_string(struct line *line, const char *text) { put_text(line, text, strlen(text), 1024); }

void put_version(struct line *line, const CK_VERSION *version) {
  put_literal(line, "\"");
  put_decimal(line, version->major);
  put_literal(line, ".");
  put_decimal(line, version->minor);
  put_literal(line, "\"");
}

void put_string_key(struct line *line, const char *key) {
  put_literal(line, ",\"");
  put_bytes(line, key, strlen(key));
  put_literal(line, "\":");
}
