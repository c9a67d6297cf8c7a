#include "faults.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_FUNCTIONS 80

static struct {
  const char *function;
  unsigned long calls;
} counters[MOST_FUNCTIONS];

static _Thread_local char value[4096];

const char *setting(const char *name, int skip) {
  const char *at = getenv("TOKENGLASS_MOCK");
  size_t length = strlen(name);
  while (at && *at) {
    at += strspn(at, "; ");
    size_t end = strcspn(at, ";");
    if (end > length && strncmp(at, name, length) == 0 && at[length] == '=' && skip-- == 0) {
      snprintf(value, sizeof value, "%.*s", (int)(end - length - 1), at + length + 1);
      return value;
    }
    at += end;
  }
  return NULL;
}

unsigned long setting_number(const char *name, unsigned long otherwise) {
  const char *text = setting(name, 0);
  return text ? strtoul(text, NULL, 0) : otherwise;
}

int setting_is(const char *name, const char *wanted) {
  const char *text = setting(name, 0);
  return text && strcmp(text, wanted) == 0;
}

void wait_milliseconds(unsigned long milliseconds) {
  struct timespec rest = {(time_t)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000000L};
  while (nanosleep(&rest, &rest) != 0) {
  }
}

static unsigned long count_call(const char *function) {
  for (size_t i = 0; i < MOST_FUNCTIONS; i++) {
    if (!counters[i].function) counters[i].function = function;
    if (strcmp(counters[i].function, function) == 0) return ++counters[i].calls;
  }
  return 0;
}

static CK_RV happen(const char *kind, const char *argument) {
  if (strcmp(kind, "segv") == 0) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
  }
  if (strcmp(kind, "abort") == 0) abort();
  if (strcmp(kind, "exit") == 0) exit(3);
  if (strcmp(kind, "hang") == 0) {
    signal(SIGTERM, SIG_IGN);
    for (;;) wait_milliseconds(1000000);
  }
  if (strcmp(kind, "slow") == 0) wait_milliseconds(strtoul(argument, NULL, 0));
  if (strcmp(kind, "error") == 0) return strtoul(argument, NULL, 0);
  return CKR_OK;
}

/* Whether the fault text, cut into its parts here, concerns this call. */
static int concerns(char *text, const char *function, unsigned long call, char **kind, char **argument) {
  char *at = strchr(text, '@');
  if (at) *at++ = 0;
  char *rest = text;
  *kind = strsep(&rest, ":");
  const char *named = rest ? strsep(&rest, ":") : "";
  *argument = rest ? rest : "0";
  if (strcmp(named, function) != 0) return 0;
  if (!at) return 1;
  char *end;
  unsigned long from = strtoul(at, &end, 0);
  return *end == '+' ? call >= from : call == from;
}

CK_RV faults_enter(const char *function) {
  const char *condition = setting("faults-while", 0);
  if (condition && access(condition, F_OK) != 0) return CKR_OK;
  unsigned long call = count_call(function);
  for (int i = 0;; i++) {
    const char *fault = setting("fault", i);
    if (!fault) return CKR_OK;
    char text[256], *kind, *argument;
    snprintf(text, sizeof text, "%s", fault);
    if (!concerns(text, function, call, &kind, &argument)) continue;
    CK_RV rv = happen(kind, argument);
    if (rv != CKR_OK) return rv;
  }
}
