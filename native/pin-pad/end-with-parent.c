/*
 * Ends this process when its parent is gone, whatever that died of, also while a module hangs and no JavaScript runs.
 * A process whose module listens has time to log out and finalise first, as it does when its channel closes.
 */
#define _GNU_SOURCE
#include "add-on.h"

#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { grace_seconds = 10 };

/* A real-time signal, which no module is likely to use; SIGRTMIN itself is a call in glibc. */
#define PARENT_IS_GONE (SIGRTMIN + 7)

/* Only what is safe in a signal handler (signal-safety(7)). SIGALRM ends the process unless somebody catches it. */
static void end_soon(int signal_number) {
  (void)signal_number;
  sigset_t set;
  signal(SIGALRM, SIG_DFL);
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  alarm(grace_seconds);
}

static bool watch(uint32_t parent) {
  struct sigaction action = {.sa_handler = end_soon, .sa_flags = SA_RESTART};
  sigset_t set;
  sigemptyset(&action.sa_mask);
  sigemptyset(&set);
  sigaddset(&set, PARENT_IS_GONE);
  if (sigaction(PARENT_IS_GONE, &action, NULL) != 0 || sigprocmask(SIG_UNBLOCK, &set, NULL) != 0) return false;
  if (prctl(PR_SET_PDEATHSIG, PARENT_IS_GONE) != 0) return false;
  /* It may have died before the kernel was asked to tell. */
  if ((uint32_t)getppid() != parent) end_soon(0);
  return true;
}
#else
static bool watch(uint32_t parent) {
  (void)parent;
  return false;
}
#endif

napi_value end_with_parent(napi_env env, napi_callback_info info) {
  napi_value argument, value = NULL;
  size_t count = 1;
  uint32_t parent;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != 0 || count != 1 ||
      napi_get_value_uint32(env, argument, &parent) != 0) {
    napi_throw_error(env, NULL, "expected a process id");
    return NULL;
  }
  napi_get_boolean(env, watch(parent), &value);
  return value;
}
