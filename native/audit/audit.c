#define _GNU_SOURCE
#include "copies.h"
#include "seen.h"
#include "settings.h"
#include "symbols.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * An audit library of glibc's dynamic loader (rtld-audit(7), LD_AUDIT): whatever PKCS#11 module a program loads with
 * dlopen, it gets a copy of the spy that records and forwards the calls. Nothing of the program or its
 * configuration changes. Anything that goes wrong here leaves the program with the module that it asked for.
 *
 * The loader calls these functions with its lock held, so they are never entered by two threads at once. They run in a
 * namespace of their own, with a C library of their own.
 */

#define EXPORTED __attribute__((visibility("default")))

static settings run;
static bool active;

static const char here;

unsigned int la_version(unsigned int version);
unsigned int la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie);
char *la_objsearch(const char *name, uintptr_t *cookie, unsigned int flag);

/** Takes whatever interface version the loader has: the two functions below are the same in all. */
EXPORTED unsigned int la_version(unsigned int version) {
  Dl_info self;
  if (dladdr(&here, &self) == 0 || !self.dli_fname) return version;
  active = settings_read(self.dli_fname, &run);
  if (!active) return version;
  char parent[16], program[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length < 0 ? 0 : length] = '\0';
  snprintf(parent, sizeof parent, "%d", (int)getppid());
  seen_note(run.folder, "process", parent, program);
  return version;
}

/** Keeps the object at hand, to know later who asks. No symbol bindings are audited, so calls cost nothing. */
EXPORTED unsigned int la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie) {
  (void)space;
  *cookie = (uintptr_t)map;
  return 0;
}

/** Whether an object names the file among the libraries that it is linked with: then it needs more than C_ functions. */
static bool is_linked_with(const struct link_map *object, const char *path, unsigned int flag) {
  const char *strings = NULL;
  const char *name = flag == LA_SER_ORIG ? path : strrchr(path, '/') + 1;
  if (!object || !object->l_ld) return false;
  for (const ElfW(Dyn) *entry = object->l_ld; entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == DT_STRTAB) strings = (const char *)entry->d_un.d_ptr;
  if (!strings) return false;
  /* The loader has relocated the address, except where the section is read-only. */
  if ((uintptr_t)strings < object->l_addr) strings += object->l_addr;
  for (const ElfW(Dyn) *entry = object->l_ld; entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == DT_NEEDED && strcmp(strings + entry->d_un.d_val, name) == 0) return true;
  return false;
}

/**
 * Whether the object that asks is a spy: it wants the real module. The loader keeps the path that the program asked for as
 * a second name of the copy, so the spy spells it with a dot in front (`/./usr/lib/...`), or it would get itself.
 */
static bool is_spy(const struct link_map *object) {
  static const char *const names[] = {SPY_MARK};
  bool defined[1] = {false};
  if (!object || !object->l_name || object->l_name[0] != '/') return false;
  int file = open(object->l_name, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  symbols_in_file(file, names, 1, defined);
  close(file);
  return defined[0];
}

/**
 * Modules that only pass calls on to other modules. What they load is recorded instead, each real module once and
 * under its own slot numbers. p11-kit's proxy is also the library that its users are linked with.
 */
static bool is_proxy(const char *real) {
  static const char *const starts[] = {"libp11-kit.so", "p11-kit-proxy.so", "pkcs11-spy.so", "pkcs11-logger",
                                       "libpkcs11shim"};
  const char *name = strrchr(real, '/') + 1;
  for (size_t n = 0; n < sizeof starts / sizeof *starts; n++)
    if (strncmp(name, starts[n], strlen(starts[n])) == 0) return true;
  return false;
}

static bool is_listed(char *const *list, size_t count, const struct stat *facts) {
  struct stat other;
  for (size_t n = 0; n < count; n++)
    if (stat(list[n], &other) == 0 && other.st_dev == facts->st_dev && other.st_ino == facts->st_ino) return true;
  return false;
}

/** What the file is: a module to be recorded (0 and why == NULL), a module to be left alone (why), or none (-1). */
static int judge(const char *path, struct stat *facts, const char **why) {
  static const char *const names[] = {"C_GetFunctionList", "FC_GetFunctionList", "NSC_GetFunctionList", SPY_MARK};
  bool defined[4];
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return -1;
  bool readable = fstat(file, facts) == 0 && symbols_in_file(file, names, 4, defined);
  close(file);
  if (!readable) return -1;
  if (!defined[0] && !is_listed(run.modules, run.module_count, facts)) return -1;
  *why = NULL;
  if (defined[3]) *why = "it is a spy already";
  if (defined[1] || defined[2]) *why = "NSS uses more of its own key store than PKCS#11 has";
  if (is_listed(run.skipped, run.skipped_count, facts)) *why = "left out as asked";
  return 0;
}

EXPORTED char *la_objsearch(const char *name, uintptr_t *cookie, unsigned int flag) {
  const struct link_map *asking = cookie ? (const struct link_map *)*cookie : NULL;
  struct stat facts;
  const char *why;
  char real[PATH_MAX];
  if (!active || !name || !strchr(name, '/') || judge(name, &facts, &why) != 0) return (char *)name;
  if (is_linked_with(asking, name, flag) || is_spy(asking) || !realpath(name, real)) return (char *)name;
  if (!why && is_proxy(real)) why = "it passes calls on; the modules behind it are recorded";
  const char *copy = why ? NULL : copies_for(&run, real, &facts, &why);
  seen_note(run.folder, copy ? "traced" : "left", real, copy ? copy : why);
  return (char *)(copy ? copy : name);
}
