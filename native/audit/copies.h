#ifndef TOKENGLASS_COPIES_H
#define TOKENGLASS_COPIES_H

#include "settings.h"

#include <sys/stat.h>

/**
 * The copy of the spy for one module, made in the run's folder if it is not there. Every module gets a file of its own:
 * the loader takes two names of one file for one library.
 * @param module absolute path of the module @param facts its file
 * @param why set to the reason where there is none
 * @return path of the copy, which stays; NULL if none can be made or loaded here
 */
const char *copies_for(const settings *run, const char *module, const struct stat *facts, const char **why);

/** The exported name by which a library is known to be our spy. */
#define SPY_MARK "tokenglass_spy"

#endif
