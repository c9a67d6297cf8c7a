#define _GNU_SOURCE
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "line.h"
#include "handover.h"
#include "record.h"

#ifndef SPY_VERSION
#define SPY_VERSION "0"
#endif

/* A file of a process that writes much has this part of what all may have; the first and the newest are kept. */
#define PARTS 4
/* Room below a limit for telling that it was reached. */
#define LIMIT_RESERVE 512
/* How often it is looked whether the descriptor is still ours and what RLIMIT_FSIZE is: both cost as much as a write. */
#define CHECK_INTERVAL 50000000u
/* Programs that close all descriptors and open others get the lowest numbers: ours is far from them. */
#define DESCRIPTOR_FROM 400
#define NAME_MOST 160

atomic_int spy_recording;

static struct config settings;
static struct described_module real_module;
static int folder = -1;
static atomic_int file = -1;
static dev_t file_device, folder_device;
static ino_t file_inode, folder_inode;
static char base[NAME_MOST], name[NAME_MOST + 32], parent[NAME_MOST + 32];
static unsigned part;
static atomic_ulong number, lost;
static atomic_int lost_why, torn, turning, ended;
static _Atomic uint64_t written, limit, next_check, clock_offset;
enum { FORK_NONE, FORK_NEW, FORK_OPENING };
static atomic_int fork_state;

static __thread uint64_t own_thread_id;

uint64_t clock_real(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t clock_monotonic(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t writer_clock_offset(void) { return atomic_load_explicit(&clock_offset, memory_order_relaxed); }

static void set_clocks(void) {
  uint64_t now = clock_monotonic();
  atomic_store(&clock_offset, clock_real() - now);
  atomic_store(&next_check, now + CHECK_INTERVAL);
}

uint64_t thread_id(void) {
  if (!own_thread_id) {
#ifdef __linux__
    own_thread_id = (uint64_t)syscall(SYS_gettid);
#else
    pthread_threadid_np(NULL, &own_thread_id);
#endif
  }
  return own_thread_id;
}

/*
 * Without being a point where a thread can be cancelled: the module's function may not have been one. On Linux pwrite
 * appends to an O_APPEND file whatever its offset is (pwrite(2), BUGS), and does not take the lock of the file position.
 */
static ssize_t append(const void *bytes, size_t count) {
#ifdef __linux__
  return syscall(SYS_pwrite64, atomic_load_explicit(&file, memory_order_relaxed), bytes, count, (off_t)0);
#else
  return write(file, bytes, count);
#endif
}

/* The folder */

/* Others could put files there, or take ours away. */
static int is_ours(int fd) {
  struct stat info;
  if (fstat(fd, &info) != 0) return 0;
  if (info.st_uid == geteuid() && !(info.st_mode & (S_IWGRP | S_IWOTH))) return 1;
  /* Like /tmp: made by root, and nobody can remove another's file. */
  return info.st_uid == 0 && (info.st_mode & S_ISVTX);
}

static int open_folder(void) {
  char path[PATH_MAX];
  if (!settings.folder[0]) return -1;
  strcpy(path, settings.folder);
  if (settings.folder_is_default)
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
      if (slash) *slash = 0;
      mkdir(path, 0700);
      if (!slash) break;
      *slash = '/';
    }
  else
    mkdir(path, 0700);
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && !is_ours(fd)) {
    close(fd);
    return -1;
  }
  return fd;
}

static int high_descriptor(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, DESCRIPTOR_FROM);
  if (high < 0) high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  close(fd);
  return high;
}

/* Opens the folder, unless its descriptor is there and still is the folder's. */
static int folder_ready(void) {
  struct stat info;
  if (folder >= 0 && fstat(folder, &info) == 0 && info.st_dev == folder_device && info.st_ino == folder_inode) return 1;
  int fd = open_folder();
  folder = fd < 0 ? -1 : high_descriptor(fd);
  if (folder < 0 || fstat(folder, &info) != 0) return 0;
  folder_device = info.st_dev;
  folder_inode = info.st_ino;
  return 1;
}

/* The file */

static void file_limit(void) {
  struct rlimit most;
  uint64_t bytes = settings.most / PARTS;
  if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && most.rlim_cur < bytes)
    bytes = most.rlim_cur;
  atomic_store(&limit, bytes);
}

/* Last element of the path of this program, for the file's name. */
static void program_path(char *path, size_t size) {
#ifdef __linux__
  ssize_t count = readlink("/proc/self/exe", path, size - 1);
  path[count > 0 ? count : 0] = 0;
#else
  snprintf(path, size, "%s", getprogname());
#endif
}

static const char *last_element(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static void name_file(void) {
  char program[PATH_MAX], when[32];
  uint64_t now = clock_real();
  time_t seconds = (time_t)(now / 1000000000u);
  struct tm utc;
  gmtime_r(&seconds, &utc);
  strftime(when, sizeof when, "%Y%m%dT%H%M%S", &utc);
  program_path(program, sizeof program);
  int length = snprintf(base, sizeof base, "%s%03uZ-%ld-%.40s", when, (unsigned)(now / 1000000u % 1000u), (long)getpid(),
                        last_element(program));
  for (int i = 0; i < length; i++)
    if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", base[i])) base[i] = '_';
}

/* Opens a new file called `base`, or with a number for the same program in the same millisecond, or for a later part. */
static int create_file(void) {
  if (!folder_ready()) return -1;
  for (unsigned try = 1; try < 100; try++) {
    if (part > 1)
      snprintf(name, sizeof name, "%s.part%u.p11.jsonl", base, part);
    else if (try > 1)
      snprintf(name, sizeof name, "%s.%u.p11.jsonl", base, try);
    else
      snprintf(name, sizeof name, "%s.p11.jsonl", base);
    int fd = openat(folder, name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) return high_descriptor(fd);
    if (errno != EEXIST || part > 1) return -1;
  }
  return -1;
}

static void append_line(struct line *line, char *start) {
  put_literal(line, "}\n");
  size_t count = (size_t)(line->at - start);
  uint64_t most = atomic_load(&limit);
  /* Beyond RLIMIT_FSIZE a write would end the program (SIGXFSZ). */
  if (most < settings.most / PARTS && atomic_load(&written) + count > most) return;
  if (append(start, count) == (ssize_t)count) atomic_fetch_add(&written, count);
}

static void put_field(struct line *line, const char *key, uint64_t value) {
  put_string_key(line, key);
  put_decimal(line, value);
}

static void put_words(struct line *line, const char *key, const char *value) {
  put_string_key(line, key);
  put_string(line, value);
}

static void write_header(void) {
  char text[LINE_MOST * 3], program[PATH_MAX], zone[8];
  struct line line = {.at = text, .end = text + sizeof text - 2};
  uint64_t now = clock_real();
  time_t seconds = (time_t)(now / 1000000000u);
  struct tm local;
  localtime_r(&seconds, &local);
  strftime(zone, sizeof zone, "%z", &local);
  program_path(program, sizeof program);
  put_literal(&line, "{\"k\":\"header\",\"v\":1");
  put_field(&line, "t", now);
  put_field(&line, "mono", clock_monotonic());
  put_words(&line, "zone", zone);
  put_words(&line, "spy", SPY_VERSION);
  put_field(&line, "pid", (uint64_t)getpid());
  put_field(&line, "ppid", (uint64_t)getppid());
  put_field(&line, "uid", (uint64_t)getuid());
  put_words(&line, "exe", program);
#ifdef __linux__
  put_words(&line, "argv0", last_element(program_invocation_name));
#else
  put_words(&line, "argv0", getprogname());
#endif
  put_words(&line, "module", real_module.path);
  put_field(&line, "moduleSize", real_module.size);
  if (real_module.build_id[0]) put_words(&line, "buildId", real_module.build_id);
  put_field(&line, "level", (uint64_t)settings.level);
  if (settings.until) put_field(&line, "until", settings.until);
  if (parent[0]) put_words(&line, "parent", parent);
  if (part > 1) put_field(&line, "part", part);
  append_line(&line, text);
}

static int remember_file(int fd) {
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  file_device = info.st_dev;
  file_inode = info.st_ino;
  return 1;
}

static int start_file(void) {
  part = 1;
  name_file();
  atomic_store(&written, 0);
  file_limit();
  if (atomic_load(&limit) <= LIMIT_RESERVE * 8) return 0;
  int fd = create_file();
  if (!remember_file(fd)) return 0;
  file = fd;
  write_header();
  set_clocks();
  return 1;
}

/* Puts an open file in the place of another, under its number. */
static int replace(int fd, int former) {
#ifdef __linux__
  return dup3(fd, former, O_CLOEXEC);
#else
  int done = dup2(fd, former);
  return done < 0 ? done : fcntl(former, F_SETFD, FD_CLOEXEC);
#endif
}

/*
 * The next part, in the place of the full one. The number of the descriptor stays, so threads that write meanwhile need not
 * know: the new file is put there in one step.
 */
static void next_part(void) {
  part++;
  int fd = create_file();
  int former = file;
  if (!remember_file(fd) || replace(fd, former) < 0) {
    if (fd >= 0) close(fd);
    part--;
    atomic_fetch_add(&limit, settings.most / PARTS / 16);
    return;
  }
  close(fd);
  atomic_store(&written, 0);
  file_limit();
  write_header();
  if (part > PARTS) {
    char old[NAME_MOST + 32];
    snprintf(old, sizeof old, "%s.part%u.p11.jsonl", base, part - PARTS + 1);
    unlinkat(folder, old, 0);
    writer_note("Older calls were deleted, since all parts together had reached their limit", old);
  }
}

/* Lines of our own */

static void put_head(struct line *line, const char *kind) {
  put_literal(line, "{\"k\":\"");
  put_bytes(line, kind, strlen(kind));
  put_literal(line, "\"");
  put_field(line, "t", clock_real());
}

void writer_note(const char *text, const char *about) {
  char buffer[1024];
  struct line line = {.at = buffer, .end = buffer + sizeof buffer - 2};
  char words[700];
  if (!atomic_load(&spy_recording)) return;
  snprintf(words, sizeof words, about ? "%s: %s" : "%s", text, about);
  put_head(&line, "note");
  put_words(&line, "text", words);
  append_line(&line, buffer);
}

void writer_end(const char *why) {
  char buffer[256];
  struct line line = {.at = buffer, .end = buffer + sizeof buffer - 2};
  if (!atomic_load(&spy_recording) || atomic_load(&fork_state) != FORK_NONE) return;
  put_head(&line, "end");
  put_field(&line, "n", atomic_load(&number));
  put_words(&line, "why", why);
  append_line(&line, buffer);
}

static const char *error_name(int error) {
  return error == ENOSPC ? "ENOSPC" : error == EDQUOT ? "EDQUOT" : error == EFBIG ? "EFBIG" : error == EBADF ? "EBADF" : "EIO";
}

/* Returns whether the line was written, or there was nothing to tell. */
static int tell_lost(void) {
  char buffer[256];
  struct line line = {.at = buffer, .end = buffer + sizeof buffer - 2};
  unsigned long count = atomic_exchange(&lost, 0);
  if (!count) return 1;
  /* A line that was cut off in the middle ends here, so that only it is broken. */
  int was_torn = atomic_exchange(&torn, 0);
  if (was_torn) put_literal(&line, "\n");
  put_head(&line, "lost");
  put_field(&line, "n", count);
  put_words(&line, "why", error_name(atomic_load(&lost_why)));
  put_literal(&line, "}\n");
  ssize_t length = line.at - buffer, done = append(buffer, (size_t)length);
  if (done == length) {
    atomic_fetch_add(&written, (uint64_t)length);
    return 1;
  }
  atomic_fetch_add(&lost, count);
  if (done > 0 || was_torn) atomic_store(&torn, 1);
  return 0;
}

static void lose(int why) {
  atomic_store(&lost_why, why);
  atomic_fetch_add(&lost, 1);
}

/* Somebody closed our descriptor: whatever has its number now is not written to. The file goes on under its name. */
static int is_still_ours(void) {
  struct stat info;
  if (fstat(file, &info) == 0 && info.st_dev == file_device && info.st_ino == file_inode) return 1;
  if (!folder_ready()) return 0;
  int again = openat(folder, name, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
  if (again < 0) return 0;
  int same = fstat(again, &info) == 0 && info.st_dev == file_device && info.st_ino == file_inode;
  int high = high_descriptor(again);
  if (same && high >= 0) file = high;
  return same && high >= 0;
}

/* At most one thread at a time; the others go on. */
static void look_around(void) {
  int free = 0;
  if (!atomic_compare_exchange_strong(&turning, &free, 1)) return;
  set_clocks();
  if (!is_still_ours()) atomic_store(&spy_recording, 0);
  file_limit();
  atomic_store(&turning, 0);
}

static int make_room(void) {
  int free = 0;
  /* A limit of the process itself ends the recording; ours starts another part. */
  if (atomic_load(&limit) < settings.most / PARTS) return 0;
  if (atomic_compare_exchange_strong(&turning, &free, 1)) {
    if (atomic_load(&written) + LINE_MOST > atomic_load(&limit)) next_part();
    atomic_store(&turning, 0);
  }
  return 1;
}

/* What could not be written: `done` is what write(2) answered. */
static void account(ssize_t done, unsigned long count, int error) {
  if (done == (ssize_t)count) return;
  if (done > 0) atomic_store(&torn, 1);
  atomic_fetch_sub(&written, done > 0 ? count - (unsigned long)done : count);
  lose(done < 0 ? error : ENOSPC);
  if (done < 0 && error == EBADF) atomic_store(&next_check, 0);
}

static void write_one(const char *line, unsigned long count) {
  ssize_t done = append(line, count);
  if (done < 0 && errno == EINTR) done = append(line, count);
  account(done, count, errno);
}

/* Several lines with one write. */
static void write_all(const struct iovec *lines, int count) {
#ifdef __linux__
  ssize_t done = syscall(SYS_pwritev, atomic_load_explicit(&file, memory_order_relaxed), lines, count, 0L, 0L);
#else
  ssize_t done = writev(file, lines, count);
#endif
  int error = errno;
  for (int i = 0; i < count; i++) {
    ssize_t length = (ssize_t)lines[i].iov_len, own = done < length ? done : length;
    account(own, lines[i].iov_len, error);
    if (done > 0) done -= own;
  }
}

void writer_line(const char *line, unsigned long count, uint64_t now, int urgent) {
  if (now >= atomic_load_explicit(&next_check, memory_order_relaxed)) {
    look_around();
    if (!atomic_load(&spy_recording)) return;
  }
  uint64_t before = atomic_fetch_add_explicit(&written, count, memory_order_relaxed);
  if (before + count + LIMIT_RESERVE > atomic_load_explicit(&limit, memory_order_relaxed) && !make_room()) {
    atomic_fetch_sub(&written, count);
    if (atomic_load(&lost) == 0) writer_note("RLIMIT_FSIZE of the process is reached; calls from here on are not recorded", NULL);
    lose(EFBIG);
    return;
  }
  if (atomic_load_explicit(&lost, memory_order_relaxed) && !tell_lost()) {
    atomic_fetch_sub(&written, count);
    lose(errno);
    return;
  }
  if (urgent)
    write_one(line, count);
  else
    handover_line(line, count);
}

/* fork */

static void in_child(void) {
  own_thread_id = 0;
  if (!atomic_load(&spy_recording)) return;
  atomic_store(&turning, 0);
  handover_forget();
  atomic_store(&fork_state, FORK_NEW);
}

static void open_for_child(void) {
  int new = FORK_NEW;
  if (atomic_compare_exchange_strong(&fork_state, &new, FORK_OPENING)) {
    /* The parent's descriptor is closed here alone; its file is the parent's. */
    struct stat info;
    if (fstat(file, &info) == 0 && info.st_dev == file_device && info.st_ino == file_inode) close(file);
    memcpy(parent, name, sizeof parent);
    atomic_store(&number, 0);
    atomic_store(&lost, 0);
    atomic_store(&torn, 0);
    if (!start_file()) atomic_store(&spy_recording, 0);
    atomic_store(&fork_state, FORK_NONE);
  }
  while (atomic_load(&fork_state) == FORK_OPENING) sched_yield();
}

uint64_t writer_next_number(void) {
  if (atomic_load_explicit(&fork_state, memory_order_relaxed) != FORK_NONE) open_for_child();
  return atomic_fetch_add_explicit(&number, 1, memory_order_relaxed);
}

int writer_open(const struct config *config, const struct described_module *module) {
  static int atfork_set;
  settings = *config;
  real_module = *module;
  if (atomic_load(&spy_recording)) return 1;
  if (!start_file()) return 0;
  handover_to(write_one, write_all);
  if (!atfork_set++) pthread_atfork(NULL, NULL, in_child);
  atomic_store(&spy_recording, 1);
  return 1;
}

/* The program ends, or closes the library. */
__attribute__((destructor)) static void unload(void) {
  if (atomic_load(&spy_recording) && atomic_load(&fork_state) == FORK_NONE) handover_flush();
  if (!atomic_exchange(&ended, 1)) writer_end("unload");
}
