#ifndef TOKENGLASS_SEEN_H
#define TOKENGLASS_SEEN_H

/**
 * Appends a line to the file `seen` in the run's folder: the kind, this process' id, then two texts, divided by tabs.
 * Kinds: `process` (parent's id, executable), `traced` (module, copy of the spy), `left` (module, why it is not traced).
 * A line that cannot be written is left out: what is traced does not depend on it.
 */
void seen_note(const char *folder, const char *kind, const char *first, const char *second);

#endif
