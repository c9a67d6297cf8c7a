#ifndef TOKENGLASS_SPY_LINE_H
#define TOKENGLASS_SPY_LINE_H

#include <stdint.h>
#include <string.h>

#include "cryptoki.h"

/*
 * One line of the trace, put together by hand: a call costs about 100 ns here, with snprintf it would be four times that.
 * What does not fit is taken back as a whole and counted, so that the line is JSON whatever happens.
 */

/* The longest line, newline included: one page, so that one write(2) appends it whole. */
#define LINE_MOST 4096
/* Kept free for the brackets that close the line and for "cut". */
#define LINE_RESERVE 96

struct line {
  char *at;
  char *end;          /* nothing but closing brackets is put behind it */
  const char *opener; /* what the next key is preceded by: the start of a section, or a comma */
  unsigned opener_length;
  int over;          /* something did not fit since the last checkpoint */
  unsigned long cut; /* bytes left out */
};

static inline void put_bytes(struct line *line, const void *bytes, unsigned long count) {
  /* Signed: closing brackets may have gone past the end, into the reserve. */
  if (line->over || line->end - line->at < (long)count) {
    line->over = 1;
    return;
  }
  memcpy(line->at, bytes, count);
  line->at += count;
}
#define put_literal(line, text) put_bytes(line, text, sizeof text - 1)

/* For closing brackets: there is always room for them. */
static inline void put_close(struct line *line, char bracket) { *line->at++ = bracket; }

/* Decimal digits of `value` at `at`, which has room for 20. Returns the end. */
char *digits(char *at, uint64_t value);

void put_decimal(struct line *line, uint64_t value);
/* A number as the format wants it: CK_UNAVAILABLE_INFORMATION is null, what JavaScript cannot hold is "0x...". */
void put_number(struct line *line, CK_ULONG value);
/* "0x..." with quotes. */
void put_hex_number(struct line *line, CK_ULONG value);
/* Hexadecimal digits of at most `most` bytes, with quotes. */
void put_hex(struct line *line, const CK_BYTE *bytes, CK_ULONG count, CK_ULONG most);
/* A JSON string of at most `most` bytes, trailing blanks trimmed, what is not UTF-8 replaced. */
void put_text(struct line *line, const void *text, CK_ULONG count, CK_ULONG most);
void put_string(struct line *line, const char *text);
/* `,"key":` */
void put_string_key(struct line *line, const char *key);
void put_version(struct line *line, const CK_VERSION *version);

/* Starts a section such as ",\"i\":{": it is written with the first key that comes, or never. */
static inline void section_open(struct line *line, const char *opener, unsigned length) {
  line->opener = opener;
  line->opener_length = length;
}
static inline void section_close(struct line *line, const char *opener) {
  if (line->opener != opener) put_close(line, '}');
}

/* The key of the next value; `key` is "\"name\":". */
static inline void put_key(struct line *line, const char *key, unsigned length) {
  put_bytes(line, line->opener, line->opener_length);
  put_bytes(line, key, length);
}

/* Where to go back to if a value does not fit. */
struct checkpoint {
  char *at;
  const char *opener;
  unsigned opener_length;
};
static inline struct checkpoint checkpoint(const struct line *line) {
  return (struct checkpoint){line->at, line->opener, line->opener_length};
}
/* Keeps what was put since the checkpoint, or takes it back and counts it as `size` bytes left out. Returns whether kept. */
static inline int settle(struct line *line, struct checkpoint before, unsigned long size) {
  if (line->over) {
    line->at = before.at;
    line->over = 0;
    line->cut += size;
    return 0;
  }
  line->opener = ",";
  line->opener_length = 1;
  return 1;
}

#endif
