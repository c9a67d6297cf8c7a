#ifndef TOKENGLASS_SETTINGS_H
#define TOKENGLASS_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum { LISTED_MAX = 32, SPY_LINES_SIZE = 8192 };

/** The file `<audit library>.conf`, written for one run: `name=value` lines. */
typedef struct {
  /** Folder of the audit library and its file: copies of the spy and the list of what was seen go there. */
  char folder[PATH_MAX];
  /** `spy=`: the spy library that is copied for each module. */
  char spy[PATH_MAX];
  /** `module=`: further files that count as PKCS#11 modules, although their symbol table does not say so. */
  char *modules[LISTED_MAX];
  size_t module_count;
  /** `skip=`: files that are left alone. */
  char *skipped[LISTED_MAX];
  size_t skipped_count;
  /** `spy.NAME=VALUE`: lines for the configuration file of each copy, as `NAME=VALUE\n`. */
  char spy_lines[SPY_LINES_SIZE];
} settings;

/** @param library path of the audit library itself @return false if there is no usable file: then nothing is done */
bool settings_read(const char *library, settings *into);

#endif
