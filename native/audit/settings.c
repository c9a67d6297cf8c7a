#define _GNU_SOURCE
#include "settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 65536 };

/** Reads a regular file that belongs to this user and that nobody else may write. */
static char *read_own_file(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return NULL;
  struct stat facts;
  char *text = NULL;
  bool fit = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == geteuid() &&
             (facts.st_mode & 022) == 0 && facts.st_size > 0 && facts.st_size < FILE_MAX;
  if (fit && (text = malloc((size_t)facts.st_size + 1)) != NULL) {
    ssize_t length = read(file, text, (size_t)facts.st_size);
    text[length < 0 ? 0 : length] = '\0';
  }
  close(file);
  return text;
}

static void copy_text(char *into, size_t size, const char *text) {
  size_t length = strlen(text);
  if (length < size) memcpy(into, text, length + 1);
}

static void add(char **list, size_t *count, const char *path) {
  char *kept = *count < LISTED_MAX ? strdup(path) : NULL;
  if (kept) list[(*count)++] = kept;
}

static void take_line(settings *into, const char *line) {
  const char *value = strchr(line, '=');
  if (!value++) return;
  if (strncmp(line, "spy=", 4) == 0) copy_text(into->spy, sizeof into->spy, value);
  if (strncmp(line, "module=", 7) == 0) add(into->modules, &into->module_count, value);
  if (strncmp(line, "skip=", 5) == 0) add(into->skipped, &into->skipped_count, value);
  if (strncmp(line, "spy.", 4) == 0) {
    size_t used = strlen(into->spy_lines), length = strlen(line + 4);
    if (length + 1 < sizeof into->spy_lines - used) {
      memcpy(into->spy_lines + used, line + 4, length);
      memcpy(into->spy_lines + used + length, "\n", 2);
    }
  }
}

bool settings_read(const char *library, settings *into) {
  memset(into, 0, sizeof *into);
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s.conf", library) >= (int)sizeof path) return false;
  const char *end = strrchr(library, '/');
  if (!end || (size_t)(end - library) >= sizeof into->folder) return false;
  memcpy(into->folder, library, (size_t)(end - library));
  char *text = read_own_file(path);
  if (!text) return false;
  char *rest = text;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) take_line(into, line);
  free(text);
  return into->spy[0] == '/';
}
