#define _GNU_SOURCE
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

#define DEFAULT_MOST ((uint64_t)256 << 20)
/* Level 2 ends by itself, also where nobody said when. */
#define LEVEL_2_SECONDS 3600

int environment_is_trusted(void) {
#ifdef __linux__
  return !getauxval(AT_SECURE);
#else
  return !issetugid();
#endif
}

static void copy(char *to, const char *from, size_t size) {
  size_t length = strlen(from);
  /* A path that does not fit would be another path. */
  if (length >= size) length = 0;
  memcpy(to, from, length);
  to[length] = 0;
}

static int is_yes(const char *value) {
  return strcmp(value, "yes") == 0 || strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
}

enum { SET_LEVEL = 1, SET_UNTIL = 2 };

static void set(struct config *config, const char *key, const char *value, int *given) {
  if (strcmp(key, "module") == 0) copy(config->module, value, sizeof config->module);
  else if (strcmp(key, "dir") == 0) copy(config->folder, value, sizeof config->folder);
  else if (strcmp(key, "level") == 0) {
    /* Anything that is not a level is the lowest. */
    config->level = strcmp(value, "1") == 0 ? 1 : strcmp(value, "2") == 0 ? 2 : 0;
    *given |= SET_LEVEL;
  } else if (strcmp(key, "until") == 0) {
    config->until = strtoull(value, NULL, 10) * 1000000000u;
    *given |= SET_UNTIL;
  } else if (strcmp(key, "pin-length") == 0) config->pin_length = is_yes(value);
  else if (strcmp(key, "begin") == 0) config->begin_all = strcmp(value, "all") == 0;
  else if (strcmp(key, "only-2.40") == 0) config->only_2_40 = is_yes(value);
  else if (strcmp(key, "errors") == 0) config->errors_to_stderr = strcmp(value, "stderr") == 0;
  else if (strcmp(key, "most") == 0) {
    uint64_t megabytes = strtoull(value, NULL, 10);
    if (megabytes >= 1 && megabytes <= 1 << 20) config->most = megabytes << 20;
  }
}

static void read_environment(struct config *config, int *given) {
  static const struct {
    const char *variable, *key;
  } variables[] = {
      /* The second is what people know from OpenSC's spy; the first wins. */
      {"PKCS11SPY", "module"},
      {"TOKENGLASS_SPY_MODULE", "module"},
      {"TOKENGLASS_SPY_DIR", "dir"},
      {"TOKENGLASS_SPY_LEVEL", "level"},
      {"TOKENGLASS_SPY_UNTIL", "until"},
      {"TOKENGLASS_SPY_PIN_LENGTH", "pin-length"},
      {"TOKENGLASS_SPY_BEGIN", "begin"},
      {"TOKENGLASS_SPY_ONLY_2_40", "only-2.40"},
      {"TOKENGLASS_SPY_ERRORS", "errors"},
      {"TOKENGLASS_SPY_MOST", "most"},
  };
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
    const char *value = getenv(variables[i].variable);
    if (value && *value) set(config, variables[i].key, value, given);
  }
}

/* Each line `key=value`; blanks at its ends, empty lines and those with '#' do not count. */
static void read_text(struct config *config, char *text, int *given) {
  for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
    line += strspn(line, " \t");
    char *equals = strchr(line, '=');
    if (*line == '#' || !equals) continue;
    *equals = 0;
    char *value = equals + 1 + strspn(equals + 1, " \t");
    for (char *end = equals; end > line && strchr(" \t", end[-1]);) *--end = 0;
    for (char *end = value + strlen(value); end > value && strchr(" \t\r", end[-1]);) *--end = 0;
    if (*value) set(config, line, value, given);
  }
}

/* Returns whether there is a file that may be believed; `by_root` whether root alone can have written it. */
static int read_file(struct config *config, const char *library, int *by_root, int *given) {
  char path[PATH_MAX + 8], text[3 * PATH_MAX];
  struct stat file, beside;
  snprintf(path, sizeof path, "%s.conf", library);
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return 0;
  int good = fstat(fd, &file) == 0 && S_ISREG(file.st_mode);
  *by_root = good && file.st_uid == 0 && !(file.st_mode & (S_IWGRP | S_IWOTH));
  /* With more rights than the user's: only from root, or from whom the library itself comes. */
  if (good && !environment_is_trusted() && !*by_root)
    good = stat(library, &beside) == 0 && file.st_uid == beside.st_uid && !(file.st_mode & (S_IWGRP | S_IWOTH));
  ssize_t count = good ? read(fd, text, sizeof text - 1) : -1;
  close(fd);
  if (count < 0) return 0;
  text[count] = 0;
  read_text(config, text, given);
  return 1;
}

/*
 * Not XDG_RUNTIME_DIR: that is memory, is gone when the user logs out, and a trace is most wanted after that. The state
 * folder is what the XDG base directory specification names for logs.
 */
static void default_folder(struct config *config) {
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  char path[2 * PATH_MAX];
  if (state && *state == '/') snprintf(path, sizeof path, "%s/tokenglass/trace", state);
  else if (home && *home == '/') snprintf(path, sizeof path, "%s/.local/state/tokenglass/trace", home);
  else path[0] = 0;
  copy(config->folder, path, sizeof config->folder);
  config->folder_is_default = 1;
}

void config_read(struct config *config, const char *library) {
  int by_root = 0, given = 0, trusted = environment_is_trusted();
  memset(config, 0, sizeof *config);
  config->pin_length = 1;
  config->most = DEFAULT_MOST;
  if (trusted) read_environment(config, &given);
  read_file(config, library, &by_root, &given);
  if (trusted && !config->folder[0]) default_folder(config);
  if (!trusted && !by_root) config->folder[0] = 0;
  if (config->level == 2 && !(given & SET_UNTIL))
    config->until = ((uint64_t)time(NULL) + LEVEL_2_SECONDS) * 1000000000u;
}
