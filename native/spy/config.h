#ifndef TOKENGLASS_SPY_CONFIG_H
#define TOKENGLASS_SPY_CONFIG_H

#include <limits.h>
#include <stdint.h>

/*
 * Where the settings come from: `<this library>.conf` beside the library, for programs that get no environment; then the
 * environment, for what the file leaves open. A program with more rights than its user (AT_SECURE) has its environment
 * ignored, and is recorded only if root wrote the file.
 */
struct config {
  char module[PATH_MAX];
  char folder[PATH_MAX]; /* empty: nothing is recorded */
  int folder_is_default;
  int level;
  uint64_t until; /* ns since the epoch at which level 2 becomes 1; 0: not level 2 */
  int pin_length; /* whether the length of PINs is written */
  int begin_all;  /* a begin line for every function */
  int only_2_40;  /* hide the interfaces of 3.x */
  int errors_to_stderr;
  uint64_t most; /* bytes of all files of a process */
};

/* Reads the settings; `library` is the path of this library. */
void config_read(struct config *config, const char *library);

/* Whether the environment of this process may be trusted. */
int environment_is_trusted(void);

#endif
