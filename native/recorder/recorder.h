#ifndef TOKENGLASS_RECORDER_H
#define TOKENGLASS_RECORDER_H

#include <stdint.h>

#include "tables.h"

/*
 * A module for tests of what stands in front of modules: it has all functions of 3.2, keeps the arguments of the last
 * call, and answers what it is told to. It is told through recorder_control, which it exports.
 */
struct recorder {
  CK_RV rv;            /* what every function returns */
  int lies;            /* says that it has written more than there was room for */
  const char *canary;  /* what it fills buffers with that nobody may see */
  unsigned long calls; /* so far */
  enum function function;
  unsigned count;
  uintptr_t arguments[12];
  int error; /* errno as the call found it; it leaves 4242 there */
};
typedef struct recorder *(*recorder_control_function)(void);

#endif
