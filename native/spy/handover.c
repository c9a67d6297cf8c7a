#include "handover.h"

#include <stdatomic.h>
#include <string.h>

#define SLOTS 64
/* Longer lines are written by their own thread. */
#define SLOT_BYTES 504
/* Writes for others before a thread goes back to its own work. */
#define ROUNDS 16

enum { FREE, FILLING, READY, TAKEN };
static struct slot {
  _Alignas(64) atomic_int state;
  int length;
  char bytes[SLOT_BYTES];
} slots[SLOTS];
static atomic_uint next_slot;
static atomic_int writing, waiting, closed;

static void (*write_one)(const char *, unsigned long);
static void (*write_all)(const struct iovec *, int);

void handover_to(void (*one)(const char *, unsigned long), void (*all)(const struct iovec *, int)) {
  write_one = one;
  write_all = all;
}

/* Writes all lines that are ready now, with one write. */
static void take(void) {
  struct iovec lines[SLOTS];
  struct slot *taken[SLOTS];
  int count = 0;
  /* From the oldest on: those that wait were filled last. */
  unsigned first = atomic_load(&next_slot) - (unsigned)atomic_load(&waiting) - 2;
  for (unsigned i = 0; i < SLOTS && atomic_load(&waiting) > count; i++) {
    struct slot *slot = &slots[(first + i) % SLOTS];
    int ready = READY;
    if (atomic_load_explicit(&slot->state, memory_order_relaxed) != READY ||
        !atomic_compare_exchange_strong(&slot->state, &ready, TAKEN))
      continue;
    lines[count] = (struct iovec){slot->bytes, (size_t)slot->length};
    taken[count++] = slot;
  }
  if (!count) return;
  write_all(lines, count);
  atomic_fetch_sub(&waiting, count);
  for (int i = 0; i < count; i++) {
    memset(taken[i]->bytes, 0, (size_t)taken[i]->length);
    atomic_store(&taken[i]->state, FREE);
  }
}

static int begin(void) {
  int idle = 0;
  return atomic_compare_exchange_strong(&writing, &idle, 1);
}

/* Ends a turn of writing. Who leaves a line after the last look finds that nobody writes, and writes it. */
static void end(void) {
  for (int round = 0;; round++) {
    if (atomic_load(&waiting) > 0) {
      /* Others write themselves until this thread is through: it has its own work to do. */
      if (round >= ROUNDS) atomic_store(&closed, 1);
      take();
      continue;
    }
    if (round > ROUNDS) atomic_store(&closed, 0);
    atomic_store(&writing, 0);
    if (atomic_load(&waiting) == 0 || !begin()) return;
  }
}

static int leave(const char *line, unsigned long count) {
  if (count > SLOT_BYTES || atomic_load(&closed)) return 0;
  struct slot *slot = &slots[atomic_fetch_add(&next_slot, 1) % SLOTS];
  int empty = FREE;
  if (!atomic_compare_exchange_strong(&slot->state, &empty, FILLING)) return 0;
  slot->length = (int)count;
  memcpy(slot->bytes, line, count);
  atomic_store(&slot->state, READY);
  atomic_fetch_add(&waiting, 1);
  if (begin()) end();
  return 1;
}

void handover_line(const char *line, unsigned long count) {
  if (begin()) {
    write_one(line, count);
    end();
  } else if (!leave(line, count)) {
    write_one(line, count);
  }
}

void handover_flush(void) { take(); }

void handover_forget(void) {
  for (unsigned i = 0; i < SLOTS; i++) atomic_store(&slots[i].state, FREE);
  atomic_store(&writing, 0);
  atomic_store(&waiting, 0);
  atomic_store(&closed, 0);
}
