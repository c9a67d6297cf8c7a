#ifndef TOKENGLASS_SPY_HANDOVER_H
#define TOKENGLASS_SPY_HANDOVER_H

#include <sys/uio.h>

/*
 * Threads that write to one file at once wait for each other in the kernel, and with four of them that is most of what a
 * call costs. So a thread that finds another one writing leaves its line in a slot and goes on; the writing thread takes
 * what it finds along in its next write. Nothing waits, whole lines are written only, and what is left in a slot stays
 * there for about as long as one write takes.
 */

/* Sets what writes. */
void handover_to(void (*one)(const char *, unsigned long), void (*all)(const struct iovec *, int));
/* Writes the line, or leaves it to the thread that is writing. */
void handover_line(const char *line, unsigned long count);
/* Writes what is still in slots. */
void handover_flush(void);
/* In a forked child: those lines are the parent's. */
void handover_forget(void);

#endif
