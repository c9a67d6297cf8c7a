#ifndef TOKENGLASS_SPY_RECORD_H
#define TOKENGLASS_SPY_RECORD_H

#include <stdatomic.h>

#include "values.h"

/*
 * One call. The line is put together on the caller's own stack: that needs no lock, no thread's end to clean up after, and
 * calls inside calls (a Notify callback) work. The arguments come first, then the head is put before them.
 */

/* `{"s":..,"t":..,"d":..,"T":..,"v":"..","f":"..","h":..,"r":".."` at its longest. */
#define HEAD_MOST 288

struct spy_list;

struct record {
  struct line line;
  const struct spy_list *list;
  enum function function;
  int level, has_session, error;
  int urgent; /* has a begin line */
  CK_SESSION_HANDLE session;
  uint64_t number, started, before, duration;
  char buffer[LINE_MOST];
};

/* Whether calls are recorded at all. */
extern atomic_int spy_recording;

/* Begins a call; returns whether it is recorded. Otherwise nothing of the record may be used. */
int record_start(struct record *record, const struct spy_list *list, enum function function);
/* All in-arguments have been put: writes the begin line if the function has one. The module is called right after this. */
void record_call(struct record *record);
/* Right after the module has returned. */
void record_return(struct record *record);
/* All out-values have been put: writes the line. */
void record_end(struct record *record, CK_RV rv);

#endif
