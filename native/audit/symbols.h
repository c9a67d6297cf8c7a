#ifndef TOKENGLASS_SYMBOLS_H
#define TOKENGLASS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What a shared object on disk defines, read from its dynamic symbol table without loading it. The file may be
 * anything: every offset is checked against its size, and nothing is mapped, so a file that shrinks meanwhile does no harm.
 */

/**
 * Looks up names in a file's dynamic symbol table (by DT_GNU_HASH or DT_HASH, gABI chapter 5).
 * @param defined set for each name to whether the object defines it
 * @return false if the file is no complete shared object of this process' machine: a part of a segment that is missing
 *   counts, since the loader would fail on it
 */
bool symbols_in_file(int file, const char *const *names, size_t count, bool *defined);

#endif
