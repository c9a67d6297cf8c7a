#ifndef TOKENGLASS_SPY_WRITER_H
#define TOKENGLASS_SPY_WRITER_H

#include <stdint.h>

#include "config.h"

/*
 * The file of this process. Every line is one write(2) on an O_APPEND descriptor, so threads need no lock and a crash loses
 * nothing that was written. Whatever goes wrong here, the program goes on and calls are counted as lost.
 */

/* What the header says of the module. */
struct described_module {
  char path[PATH_MAX];
  uint64_t size;
  char build_id[64]; /* hexadecimal, or empty */
};

/* Opens the file and writes its header. Returns whether calls can be recorded. */
int writer_open(const struct config *config, const struct described_module *module);
/*
 * Appends a line; `now` is the monotonic clock. Urgent lines are in the file when this returns. Another may be handed to
 * the thread that is writing at this moment, and is in the file when that write and the next are done.
 */
void writer_line(const char *line, unsigned long count, uint64_t now, int urgent);
/* {"k":"note",...}: `text` is ours, `about` is not (a name, a path) and may be NULL. */
void writer_note(const char *text, const char *about);
/* {"k":"end",...} */
void writer_end(const char *why);

/* The number of the next call in this process. In a forked child this opens the child's own file first. */
uint64_t writer_next_number(void);

/* Nanoseconds. */
uint64_t clock_real(void);
uint64_t clock_monotonic(void);

/* What makes real time of the monotonic clock, so that a call needs to read one clock only. As of the last look around. */
uint64_t writer_clock_offset(void);

/* Id of the calling thread, as the system's tools show it. */
uint64_t thread_id(void);

#endif
