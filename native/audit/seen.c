#define _GNU_SOURCE
#include "seen.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/** A script may start thousands of processes; the list is for people. */
enum { SIZE_MAX_OF_FILE = 4 << 20 };

/** A path may hold any byte but '/' and NUL; lines and columns must stay what they are. */
static void tidy(char *text) {
  for (; *text; text++)
    if ((unsigned char)*text < 0x20) *text = '?';
}

void seen_note(const char *folder, const char *kind, const char *first, const char *second) {
  char path[PATH_MAX], one[PATH_MAX], two[PATH_MAX], line[2 * PATH_MAX + 64];
  if (snprintf(path, sizeof path, "%s/seen", folder) >= (int)sizeof path) return;
  snprintf(one, sizeof one, "%s", first);
  snprintf(two, sizeof two, "%s", second);
  tidy(one);
  tidy(two);
  int length = snprintf(line, sizeof line, "%s\t%d\t%s\t%s\n", kind, (int)getpid(), one, two);
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return;
  struct stat facts;
  if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size < SIZE_MAX_OF_FILE &&
      write(file, line, (size_t)length) != length) {
    /* A full disk: the line is cut short, and its reader leaves it out. */
  }
  close(file);
}
