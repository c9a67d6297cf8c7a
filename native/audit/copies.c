#define _GNU_SOURCE
#include "copies.h"

#include "symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KEPT_MAX = 64, PIECE = 65536 };

/** Copies that this process has, so that a module keeps its copy and a path stays readable for the loader. */
static struct {
  dev_t device;
  ino_t inode;
  char *copy;
} kept[KEPT_MAX];
static size_t kept_count;

static bool write_all(int file, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t done = write(file, bytes, length);
    if (done <= 0) return false;
    bytes += done;
    length -= (size_t)done;
  }
  return true;
}

static bool copy_bytes(int from, int to) {
  char piece[PIECE];
  ssize_t length;
  while ((length = read(from, piece, sizeof piece)) > 0)
    if (!write_all(to, piece, (size_t)length)) return false;
  return length == 0;
}

/** A new file beside its final name; renamed when it is whole, since other processes of the run make the same one. */
static int open_new(const char *path, char *fresh, size_t size) {
  if (snprintf(fresh, size, "%s.%d", path, (int)getpid()) >= (int)size) return -1;
  unlink(fresh);
  return open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static bool finish(int file, bool written, const char *fresh, const char *path) {
  bool done = (close(file) == 0) & written && rename(fresh, path) == 0;
  if (!done) unlink(fresh);
  return done;
}

static bool write_configuration(const settings *run, const char *copy, const char *module) {
  char path[PATH_MAX], fresh[PATH_MAX + 16];
  if (strchr(module, '\n') || snprintf(path, sizeof path, "%s.conf", copy) >= (int)sizeof path) return false;
  int file = open_new(path, fresh, sizeof fresh);
  if (file < 0) return false;
  bool written = dprintf(file, "%smodule=%s\n", run->spy_lines, module) > 0;
  return finish(file, written, fresh, path);
}

static bool write_library(const settings *run, const char *copy) {
  int from = open(run->spy, O_RDONLY | O_CLOEXEC);
  if (from < 0) return false;
  char fresh[PATH_MAX + 16];
  int to = open_new(copy, fresh, sizeof fresh);
  bool done = to >= 0 && finish(to, copy_bytes(from, to), fresh, copy);
  close(from);
  return done;
}

/** Whether the loader will be able to take it: whole, the spy, and on a file system from which code may run. */
static bool is_usable(const char *copy) {
  static const char *const names[] = {"C_GetFunctionList", SPY_MARK};
  int file = open(copy, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  bool defined[2];
  struct stat facts;
  bool fit = fstat(file, &facts) == 0 && facts.st_uid == geteuid() && symbols_in_file(file, names, 2, defined) &&
             defined[0] && defined[1];
  void *mapped = fit ? mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) : MAP_FAILED;
  if (mapped != MAP_FAILED) munmap(mapped, 4096);
  close(file);
  return mapped != MAP_FAILED;
}

/** Has the module's own file name, in a folder named after the file, so that messages of programs stay readable. */
static char *place_for(const settings *run, const char *module, const struct stat *facts) {
  char path[PATH_MAX];
  const char *name = strrchr(module, '/') + 1;
  int length = snprintf(path, sizeof path, "%s/%llx-%llx", run->folder, (unsigned long long)facts->st_dev,
                        (unsigned long long)facts->st_ino);
  if (length >= (int)sizeof path || (mkdir(path, 0700) != 0 && errno != EEXIST)) return NULL;
  if (snprintf(path + length, sizeof path - (size_t)length, "/%s", name) >= (int)(sizeof path - (size_t)length))
    return NULL;
  return strdup(path);
}

const char *copies_for(const settings *run, const char *module, const struct stat *facts, const char **why) {
  for (size_t n = 0; n < kept_count; n++)
    if (kept[n].device == facts->st_dev && kept[n].inode == facts->st_ino) return kept[n].copy;
  *why = "too many modules in one process";
  if (kept_count == KEPT_MAX) return NULL;
  *why = "the folder of the run cannot be written";
  char *copy = place_for(run, module, facts);
  if (!copy) return NULL;
  bool there = access(copy, F_OK) == 0 || (write_configuration(run, copy, module) && write_library(run, copy));
  if (there) *why = "the spy library is damaged, or this process may not load it";
  if (!there || !is_usable(copy)) {
    free(copy);
    return NULL;
  }
  kept[kept_count].device = facts->st_dev;
  kept[kept_count].inode = facts->st_ino;
  kept[kept_count++].copy = copy;
  return copy;
}
