#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <elf.h>
#include <link.h>
#endif

#include "config.h"
#include "record.h"
#include "spy.h"
#include "writer.h"

/*
 * The real module: loading it, and the function lists that stand in for its own. The module is asked for nothing on the
 * spy's own behalf but its function list.
 */

#define EXPORT __attribute__((visibility("default")))

#define COUNT_2_40 68
#define COUNT_3_0 92
#define COUNT_3_2 FUNCTION_COUNT
#define INTERFACES 32

typedef CK_RV (*get_function_list)(struct function_list **);
typedef CK_RV (*get_interface_list)(CK_INTERFACE_PTR, CK_ULONG_PTR);
typedef CK_RV (*get_interface)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);

/* A library that has this is a spy: one never loads another, so that no chain of them can be a circle. */
extern const char tokenglass_spy[];
EXPORT const char tokenglass_spy[] = "tokenglass-spy";

struct spy_list spy_lists[LISTS];

static struct config config;
static get_function_list real_function_list;
static get_interface_list real_interface_list;
static get_interface real_interface;

enum { UNLOADED, LOADING, LOADED };
static atomic_int state;
static pthread_t loader;

/* For the tables below, which change when a list is met for the first time; no call of a function takes it. */
static pthread_mutex_t tables = PTHREAD_MUTEX_INITIALIZER;
static unsigned list_count, interface_count;
static struct {
  CK_INTERFACE real, own;
} interfaces[INTERFACES];

/* Loading */

static const char *own_path(void) {
  static char path[PATH_MAX];
  char resolved[PATH_MAX], conf[PATH_MAX + 8];
  struct stat info;
  Dl_info own;
  if (!dladdr(tokenglass_spy, &own) || !own.dli_fname) return "";
  snprintf(conf, sizeof conf, "%s.conf", own.dli_fname);
  /* A link to the library may have its settings beside itself, or beside the library. */
  const char *chosen = stat(conf, &info) != 0 && realpath(own.dli_fname, resolved) ? resolved : own.dli_fname;
  snprintf(path, sizeof path, "%s", chosen);
  return path;
}

static int is_same_file(const char *a, const char *b) {
  struct stat first, second;
  return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

static void *base_of(const void *symbol) {
  Dl_info info;
  return symbol && dladdr(symbol, &info) ? info.dli_fbase : NULL;
}

/* dlsym also looks in what the module depends on, and finds the C_GetInterface of libp11-kit there
 * (JackOfMostTrades/aws-kms-pkcs11#49). Only what comes from the object that has C_GetFunctionList is the module's. */
static void *symbol_beside(void *library, const char *name, void *base) {
  void *symbol = dlsym(library, name);
  return base_of(symbol) == base ? symbol : NULL;
}

#ifdef __linux__
struct wanted_build_id {
  void *base;
  char *text;
  size_t size;
};

static int find_build_id(struct dl_phdr_info *info, size_t size, void *data) {
  struct wanted_build_id *wanted = data;
  (void)size;
  if ((void *)info->dlpi_addr != wanted->base) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type != PT_NOTE) continue;
    const char *at = (const char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, *end = at + info->dlpi_phdr[i].p_memsz;
    while (end - at > (long)sizeof(ElfW(Nhdr))) {
      const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)(const void *)at;
      const char *note_name = at + sizeof *note, *value = note_name + ((note->n_namesz + 3) & ~3u);
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(note_name, "GNU", 4) == 0) {
        for (unsigned b = 0; b < note->n_descsz && b * 2 + 2 < wanted->size; b++)
          snprintf(wanted->text + b * 2, 3, "%02x", (unsigned char)value[b]);
        return 1;
      }
      at = value + ((note->n_descsz + 3) & ~3u);
    }
  }
  return 1;
}
#endif

static void describe(struct described_module *module, void *base) {
  char resolved[PATH_MAX];
  struct stat info;
  memset(module, 0, sizeof *module);
  snprintf(module->path, sizeof module->path, "%s", realpath(config.module, resolved) ? resolved : config.module);
  if (stat(module->path, &info) == 0) module->size = (uint64_t)info.st_size;
#ifdef __linux__
  struct wanted_build_id wanted = {base, module->build_id, sizeof module->build_id};
  if (base) dl_iterate_phdr(find_build_id, &wanted);
#else
  (void)base;
#endif
}

static int fail(const char *reason, const char *about) {
  static int told;
  struct described_module module;
  /* Programs ask again by another function: once is enough. */
  if (told++) return 0;
  if (config.errors_to_stderr) fprintf(stderr, "tokenglass-spy: %s%s%s\n", reason, about ? ": " : "", about ? about : "");
  describe(&module, NULL);
  if (writer_open(&config, &module)) {
    writer_note(reason, about);
    writer_end("not loaded");
    atomic_store(&spy_recording, 0);
  }
  return 0;
}

/*
 * An absolute path is opened as /./path. It is the same file; and a library that redirects the loading of modules to the
 * spy (LD_AUDIT, la_objsearch) knows by it that this request comes from the spy, and lets it through.
 */
static void *open_module(const char *path) {
  char marked[PATH_MAX + 4];
  if (path[0] != '/') return dlopen(path, RTLD_NOW | RTLD_LOCAL);
  snprintf(marked, sizeof marked, "/.%s", path);
  return dlopen(marked, RTLD_NOW | RTLD_LOCAL);
}

static int load_module(void) {
  struct described_module module;
  const char *path = own_path();
  config_read(&config, path);
  values_pin_length = config.pin_length;
  record_settings(config.level, config.until, config.begin_all);
  if (!config.module[0]) return fail("No module is named. Set TOKENGLASS_SPY_MODULE, or module= in the .conf file", NULL);
  if (is_same_file(config.module, path)) return fail("The module is the spy itself", config.module);
  void *library = open_module(config.module);
  if (!library) {
    const char *why = dlerror();
    return fail("The module cannot be loaded", why && strncmp(why, "/./", 3) == 0 ? why + 2 : why);
  }
  void *symbol = dlsym(library, "C_GetFunctionList"), *base = base_of(symbol);
  if (symbol_beside(library, "tokenglass_spy", base)) return fail("The module is a spy, too", config.module);
  if (!symbol) return fail("The module has no C_GetFunctionList", config.module);
  *(void **)&real_function_list = symbol;
  if (!config.only_2_40) {
    *(void **)&real_interface_list = symbol_beside(library, "C_GetInterfaceList", base);
    *(void **)&real_interface = symbol_beside(library, "C_GetInterface", base);
  }
  describe(&module, base);
  writer_open(&config, &module);
  return 1;
}

static void in_child(void) {
  /* Another thread of the parent may have been loading. */
  if (atomic_load(&state) == LOADING) atomic_store(&state, UNLOADED);
  pthread_mutex_init(&tables, NULL);
}

static int is_loaded(void) {
  static atomic_int atfork_set;
  for (;;) {
    int now = UNLOADED;
    if (atomic_load(&state) == LOADED) return 1;
    if (atomic_compare_exchange_strong(&state, &now, LOADING)) break;
    if (now == LOADED) return 1;
    /* The module has come back to us while it was being loaded: it would go round in circles. */
    if (pthread_equal(loader, pthread_self())) return 0;
    sched_yield();
  }
  loader = pthread_self();
  if (!atomic_exchange(&atfork_set, 1)) pthread_atfork(NULL, NULL, in_child);
  int loaded = load_module();
  atomic_store(&state, loaded ? LOADED : UNLOADED);
  return loaded;
}

/* Function lists */

/* Ours for one of the module's, or NULL if there are too many. */
static struct spy_list *list_for(const struct function_list *real, unsigned known) {
  struct spy_list *found = NULL;
  pthread_mutex_lock(&tables);
  for (unsigned i = 0; i < list_count && !found; i++)
    if (spy_lists[i].real == real && spy_lists[i].known == known) found = &spy_lists[i];
  if (!found && list_count < LISTS) {
    const any_function *entries = (const any_function *)(const void *)((const char *)real + offsetof(struct function_list, C_Initialize));
    found = &spy_lists[list_count];
    found->real = real;
    found->known = known;
    found->own.all.version = real->version;
    /* What the module does not have stays NULL. */
    for (unsigned i = 0; i < known; i++) found->own.all.entries[i] = entries[i] ? spy_wrappers[list_count][i] : NULL;
    if (known > COUNT_2_40)
      found->fragment_length = (unsigned char)snprintf(found->fragment, sizeof found->fragment, ",\"v\":\"%u.%u\"",
                                                       real->version.major, real->version.minor);
    list_count++;
  }
  pthread_mutex_unlock(&tables);
  return found;
}

static int is_standard(const CK_INTERFACE *interface) {
  return interface->pInterfaceName && strcmp((const char *)interface->pInterfaceName, "PKCS 11") == 0;
}

/* How many entries a list from C_GetInterface has; 0 if it is none that we know. C_GetFunctionList's always has those of
 * 2.40, whatever version it claims (softhsm/SoftHSMv2#839). */
static unsigned entries_in(const CK_INTERFACE *interface) {
  if (!is_standard(interface) || !interface->pFunctionList) return 0;
  const CK_VERSION *version = interface->pFunctionList;
  if (version->major == 2) return COUNT_2_40;
  if (version->major != 3) return 0;
  return version->minor < 2 ? COUNT_3_0 : COUNT_3_2;
}

static int is_equal(const CK_INTERFACE *a, const CK_INTERFACE *b) {
  return a->pInterfaceName == b->pInterfaceName && a->pFunctionList == b->pFunctionList && a->flags == b->flags;
}

/* Ours for one of the module's interfaces; the module's own, untouched, if its calls cannot be recorded. */
static CK_INTERFACE *interface_for(CK_INTERFACE *real) {
  unsigned known = entries_in(real);
  struct spy_list *list = known ? list_for(real->pFunctionList, known) : NULL;
  CK_INTERFACE *found = NULL;
  int first = 0;
  pthread_mutex_lock(&tables);
  for (unsigned i = 0; i < interface_count && !found; i++)
    if (is_equal(&interfaces[i].real, real)) found = list ? &interfaces[i].own : real;
  if (!found && interface_count < INTERFACES) {
    interfaces[interface_count].real = interfaces[interface_count].own = *real;
    if (list) interfaces[interface_count].own.pFunctionList = &list->own;
    found = list ? &interfaces[interface_count].own : real;
    interface_count++;
    first = 1;
  }
  pthread_mutex_unlock(&tables);
  if (first && !list)
    writer_note("Calls through this interface are not recorded", real->pInterfaceName ? (const char *)real->pInterfaceName : "");
  return found ? found : real;
}

/* What is recorded of an interface: name, version, flags. */
static void put_interface(struct line *line, const CK_INTERFACE *interface) {
  put_literal(line, "{\"name\":");
  if (interface->pInterfaceName)
    put_string(line, (const char *)interface->pInterfaceName);
  else
    put_literal(line, "null");
  if (is_standard(interface) && interface->pFunctionList) {
    put_literal(line, ",\"version\":");
    put_version(line, interface->pFunctionList);
  }
  put_literal(line, ",\"flags\":");
  put_number(line, interface->flags);
  put_literal(line, "}");
}

/* The three functions that hand out lists */

CK_RV spy_C_GetFunctionList(const struct spy_list *list, struct function_list **functions) {
  struct record record;
  int recorded = record_start(&record, list, F_C_GetFunctionList);
  if (recorded) {
    if (!functions) arg_null(&record.line, KEY("ppFunctionList"));
    record_call(&record);
  }
  struct function_list *real = NULL;
  CK_RV rv = list ? list->real->C_GetFunctionList(functions ? &real : NULL) : real_function_list(functions ? &real : NULL);
  if (recorded) record_return(&record);
  if (rv == CKR_OK && functions) {
    struct spy_list *ours = real ? list_for(real, COUNT_2_40) : NULL;
    *functions = ours ? &ours->own.functions : real;
    if (recorded && real) {
      struct checkpoint before = checkpoint(&record.line);
      put_key(&record.line, KEY("ppFunctionList"));
      put_literal(&record.line, "{\"version\":");
      put_version(&record.line, &real->version);
      put_literal(&record.line, "}");
      settle(&record.line, before, 0);
    }
  }
  if (recorded) record_end(&record, rv);
  return rv;
}

/* The interface of a module that has only a 2.40 list; NULL if it does not even have that. */
static CK_INTERFACE *fallback(void) {
  static CK_UTF8CHAR name[] = "PKCS 11";
  static CK_INTERFACE only;
  struct function_list *real = NULL;
  if (real_function_list(&real) != CKR_OK || !real) return NULL;
  struct spy_list *list = list_for(real, COUNT_2_40);
  if (!list) return NULL;
  only = (CK_INTERFACE){name, &list->own, 0};
  return &only;
}

static CK_RV fallback_list(CK_INTERFACE_PTR out, CK_ULONG_PTR count) {
  if (!count) return CKR_ARGUMENTS_BAD;
  CK_INTERFACE *only = fallback();
  if (!only) return CKR_GENERAL_ERROR;
  CK_ULONG room = *count;
  *count = 1;
  if (!out) return CKR_OK;
  if (room < 1) return CKR_BUFFER_TOO_SMALL;
  *out = *only;
  return CKR_OK;
}

static CK_RV fallback_interface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR out, CK_FLAGS flags) {
  if (!out) return CKR_ARGUMENTS_BAD;
  if (name && strcmp((const char *)name, "PKCS 11") != 0) return CKR_ARGUMENTS_BAD;
  if ((version && version->major != 2) || flags) return CKR_ARGUMENTS_BAD;
  CK_INTERFACE *only = fallback();
  if (!only) return CKR_GENERAL_ERROR;
  *out = only;
  return CKR_OK;
}

CK_RV spy_C_GetInterfaceList(const struct spy_list *list, CK_INTERFACE_PTR out, CK_ULONG_PTR count) {
  struct record record;
  int recorded = record_start(&record, list, F_C_GetInterfaceList);
  CK_ULONG room = out && count ? *count : 0;
  if (recorded) {
    if (!out)
      arg_null(&record.line, KEY("pInterfacesList"));
    else if (count)
      arg_number(&record.line, KEY("pulCount"), room);
    record_call(&record);
  }
  CK_RV rv = CKR_FUNCTION_NOT_SUPPORTED;
  if (list)
    rv = list->real->C_GetInterfaceList(out, count);
  else if (real_interface_list)
    rv = real_interface_list(out, count);
  int own = rv == CKR_FUNCTION_NOT_SUPPORTED;
  if (own) rv = fallback_list(out, count);
  if (recorded) record_return(&record);
  CK_ULONG filled = rv == CKR_OK && out && count ? (*count < room ? *count : room) : 0;
  for (CK_ULONG i = 0; i < filled && !own; i++) out[i] = *interface_for(&out[i]);
  if (recorded) {
    if (count && ((rv == CKR_OK && !out) || rv == CKR_BUFFER_TOO_SMALL)) arg_number(&record.line, KEY("pulCount"), *count);
    if (filled) {
      struct checkpoint before = checkpoint(&record.line);
      put_key(&record.line, KEY("pInterfacesList"));
      put_literal(&record.line, "[");
      for (CK_ULONG i = 0; i < filled; i++) {
        if (i) put_literal(&record.line, ",");
        put_interface(&record.line, &out[i]);
      }
      put_literal(&record.line, "]");
      settle(&record.line, before, filled * 32);
    }
    record_end(&record, rv);
  }
  return rv;
}

CK_RV spy_C_GetInterface(const struct spy_list *list, CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
                         CK_INTERFACE_PTR_PTR out, CK_FLAGS flags) {
  struct record record;
  int recorded = record_start(&record, list, F_C_GetInterface);
  if (recorded) {
    arg_string(&record.line, KEY("pInterfaceName"), name);
    arg_version(&record.line, KEY("pVersion"), version);
    if (!out) arg_null(&record.line, KEY("ppInterface"));
    arg_number(&record.line, KEY("flags"), flags);
    record_call(&record);
  }
  CK_RV rv = CKR_FUNCTION_NOT_SUPPORTED;
  if (list)
    rv = list->real->C_GetInterface(name, version, out, flags);
  else if (real_interface)
    rv = real_interface(name, version, out, flags);
  /* Modules that export it and do not have it (p11-glue/p11-kit#621) count as those without. */
  int own = rv == CKR_FUNCTION_NOT_SUPPORTED;
  if (own) rv = fallback_interface(name, version, out, flags);
  if (recorded) record_return(&record);
  int found = rv == CKR_OK && out && *out;
  if (found && !own) *out = interface_for(*out);
  if (recorded) {
    if (found) {
      struct checkpoint before = checkpoint(&record.line);
      put_key(&record.line, KEY("ppInterface"));
      put_interface(&record.line, *out);
      settle(&record.line, before, 32);
    }
    record_end(&record, rv);
  }
  return rv;
}

void spy_finalized(void) { writer_end("C_Finalize"); }

EXPORT CK_RV C_GetFunctionList(struct function_list **functions) {
  return is_loaded() ? spy_C_GetFunctionList(NULL, functions) : CKR_GENERAL_ERROR;
}

EXPORT CK_RV C_GetInterfaceList(CK_INTERFACE_PTR out, CK_ULONG_PTR count) {
  return is_loaded() ? spy_C_GetInterfaceList(NULL, out, count) : CKR_GENERAL_ERROR;
}

EXPORT CK_RV C_GetInterface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version, CK_INTERFACE_PTR_PTR out, CK_FLAGS flags) {
  return is_loaded() ? spy_C_GetInterface(NULL, name, version, out, flags) : CKR_GENERAL_ERROR;
}
