#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tables.h"

/*
 * hammer MODULE THREADS CALLS info|random|fork|die
 *
 * Calls one function of a module from many threads, each with a session of its own, and prints the nanoseconds that one
 * call took, and those of processor time. `fork`: a child goes on calling after the parent. `die`: SIGKILL comes while the module is in
 * C_WaitForSlotEvent.
 */

static struct function_list *list;
static long calls;
static int random_wanted;
static pthread_barrier_t start;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Of all threads. */
static double processor(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void check(CK_RV rv, const char *what) {
  if (rv == CKR_OK) return;
  fprintf(stderr, "%s: 0x%lx\n", what, rv);
  exit(1);
}

static CK_SLOT_ID first_slot(void) {
  CK_SLOT_ID slots[16];
  CK_ULONG count = 16;
  check(list->C_GetSlotList(1, slots, &count), "C_GetSlotList");
  if (count == 0) exit(2);
  return slots[0];
}

static void run(CK_SESSION_HANDLE session) {
  CK_BYTE bytes[16];
  CK_SESSION_INFO info;
  for (long i = 0; i < calls; i++)
    check(random_wanted ? list->C_GenerateRandom(session, bytes, sizeof bytes) : list->C_GetSessionInfo(session, &info), "call");
}

static void *thread(void *session) {
  pthread_barrier_wait(&start);
  run(*(CK_SESSION_HANDLE *)session);
  return NULL;
}

int main(int count, char **values) {
  if (count != 5) return 2;
  int threads = atoi(values[2]);
  calls = atol(values[3]);
  random_wanted = strcmp(values[4], "random") == 0;
  void *library = dlopen(values[1], RTLD_NOW | RTLD_LOCAL);
  CK_RV (*get)(struct function_list **);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  *(void **)&get = dlsym(library, "C_GetFunctionList");
  check(get(&list), "C_GetFunctionList");
  CK_C_INITIALIZE_ARGS arguments = {.flags = 2};
  check(list->C_Initialize(&arguments), "C_Initialize");
  CK_SLOT_ID slot = first_slot();
  CK_SESSION_HANDLE sessions[64];
  pthread_t ids[64];
  for (int i = 0; i < threads; i++) check(list->C_OpenSession(slot, 6, NULL, NULL, &sessions[i]), "C_OpenSession");
  if (strcmp(values[4], "die") == 0) {
    if (fork() == 0) {
      sleep(1);
      kill(getppid(), 9);
      _exit(0);
    }
    list->C_WaitForSlotEvent(0, &slot, NULL);
  }
  if (strcmp(values[4], "fork") == 0 && fork() == 0) {
    run(sessions[0]);
    exit(0);
  }
  pthread_barrier_init(&start, NULL, (unsigned)threads + 1);
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, thread, &sessions[i]);
  pthread_barrier_wait(&start);
  double began = now(), used = processor();
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  printf("%.1f %.1f\n", (now() - began) / (double)calls, (processor() - used) / (double)calls / threads);
  check(list->C_Finalize(NULL), "C_Finalize");
  return 0;
}
