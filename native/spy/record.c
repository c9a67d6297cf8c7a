#include "record.h"

#include <errno.h>
#include <stdlib.h>

#include "spy.h"
#include "writer.h"

static const char in[] = ",\"i\":{", out[] = ",\"o\":{";

static uint64_t level_2_until;
static int level_most, begin_all;
static atomic_int level_2_told;

void record_settings(int level, uint64_t until, int all) {
  level_most = level;
  level_2_until = until;
  begin_all = all;
}

/* The third level ends by itself. */
static int level_now(void) {
  if (clock_real() < level_2_until) return 2;
  if (!atomic_exchange(&level_2_told, 1)) writer_note("The time for level 2 is over; level 1 from here on", NULL);
  return 1;
}

int record_start(struct record *record, const struct spy_list *list, enum function function) {
  if (!atomic_load_explicit(&spy_recording, memory_order_relaxed)) return 0;
  record->error = errno;
  record->number = writer_next_number();
  record->started = 0;
  record->list = list;
  record->function = function;
  record->level = level_most < 2 ? level_most : level_now();
  record->has_session = 0;
  record->urgent = begin_all || functions[function].begin;
  record->line = (struct line){.at = record->buffer + HEAD_MOST, .end = record->buffer + LINE_MOST - LINE_RESERVE};
  section_open(&record->line, in, sizeof in - 1);
  return 1;
}

static char *put_quick(char *at, const char *text, unsigned long count) {
  memcpy(at, text, count);
  return at + count;
}
#define QUICK(at, literal) at = put_quick(at, literal, sizeof literal - 1)

/* The head, right before what is at HEAD_MOST. Returns where the line starts. */
static char *put_head(struct record *record, int begin, CK_RV rv) {
  char head[HEAD_MOST], *at = head;
  if (begin)
    QUICK(at, "{\"b\":");
  else
    QUICK(at, "{\"s\":");
  at = digits(at, record->number);
  QUICK(at, ",\"t\":");
  at = digits(at, record->started);
  if (!begin) {
    QUICK(at, ",\"d\":");
    at = digits(at, record->duration);
  }
  QUICK(at, ",\"T\":");
  at = digits(at, thread_id());
  if (record->list) at = put_quick(at, record->list->fragment, record->list->fragment_length);
  at = put_quick(at, functions[record->function].fragment, functions[record->function].length);
  if (record->has_session) {
    struct line session = {.at = at + 5, .end = head + sizeof head};
    memcpy(at, ",\"h\":", 5);
    put_number(&session, record->session);
    at = session.at;
  }
  if (!begin && rv != CKR_OK) {
    struct line code = {.at = at + 5, .end = head + sizeof head};
    memcpy(at, ",\"r\":", 5);
    put_enum(&code, G_CKR, rv);
    at = code.at;
  }
  unsigned long count = (unsigned long)(at - head);
  char *start = record->buffer + HEAD_MOST - count;
  memcpy(start, head, count);
  return start;
}

static void close_line(struct line *line) {
  if (line->cut) {
    memcpy(line->at, ",\"cut\":", 7);
    line->at = digits(line->at + 7, line->cut);
  }
  put_close(line, '}');
  put_close(line, '\n');
}

void record_call(struct record *record) {
  struct line *line = &record->line;
  section_close(line, in);
  if (record->urgent) {
    struct line before = *line;
    record->before = clock_monotonic();
    record->started = record->before + writer_clock_offset();
    char *start = put_head(record, 1, CKR_OK);
    close_line(line);
    writer_line(start, (unsigned long)(line->at - start), record->before, 1);
    *line = before;
  }
  errno = record->error;
  record->before = clock_monotonic();
  if (!record->started) record->started = record->before + writer_clock_offset();
}

void record_return(struct record *record) {
  record->error = errno;
  record->duration = clock_monotonic() - record->before;
  section_open(&record->line, out, sizeof out - 1);
}

/* Not left out by the compiler, although nobody reads it any more. */
static void wipe(void *bytes, unsigned long count) {
  memset(bytes, 0, count);
  __asm__ volatile("" : : "r"(bytes) : "memory");
}

void record_end(struct record *record, CK_RV rv) {
  struct line *line = &record->line;
  section_close(line, out);
  char *start = put_head(record, 0, rv);
  close_line(line);
  writer_line(start, (unsigned long)(line->at - start), record->before + record->duration, record->urgent);
  /* It holds nothing secret; but nothing of a call is left on the caller's stack either. */
  wipe(start, (unsigned long)(line->at - start));
  errno = record->error;
}
