#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_CALL
#include "../recorder/recorder.h"
#include "arguments.h"

/*
 * compare SPY RECORDER CANARY
 *
 * Calls every function of every list of the recorder directly and through the spy, in the same process, with the same
 * arguments in the same memory, and sees that the module got the same and the caller got the same: return value, every
 * byte, errno. Whatever no level may show is made of CANARY. Prints how many calls were compared; what differs on stderr.
 */

#define SLOT 512
#define MORE 256
#define ROOM 48

static struct recorder *recorder;
static const char *canary;
static unsigned long compared, different;

/* Memory of one call: a slot an argument, and one for what mechanisms and attributes point to. */
static struct arena {
  uintptr_t values[ARGUMENTS_MOST];
  CK_BYTE slots[ARGUMENTS_MOST][SLOT];
  CK_BYTE more[64][MORE];
} arena, before, after_direct;
static unsigned more_used;

enum variant { NORMAL, NO_POINTERS, NO_BUFFERS, VARIANTS };

static void put_canary(CK_BYTE *at, CK_ULONG count) {
  size_t length = strlen(canary);
  for (CK_ULONG i = 0; i < count; i++) at[i] = (CK_BYTE)canary[i % length];
}
static void put_plain(CK_BYTE *at, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; i++) at[i] = (CK_BYTE)('a' + i % 26);
}
static CK_BYTE *another(void) { return arena.more[more_used++ % 64]; }

static void put_pointer(CK_BYTE *at, const void *pointer) { memcpy(at, &pointer, sizeof pointer); }
static void put_number(CK_BYTE *at, CK_ULONG number) { memcpy(at, &number, sizeof number); }

static void fill_structure(CK_BYTE *base, enum structure which) {
  const struct structure_info *info = &structures[which];
  memset(base, 0, info->size);
  for (unsigned i = 0; i < info->count; i++) {
    const struct field_info *field = &info->fields[i];
    CK_BYTE *at = base + field->offset, *bytes;
    switch (field->kind) {
      case K_BUFFER:
      case K_PIN:
        bytes = another();
        if (field->secrecy == SECRECY_NEVER)
          put_canary(bytes, 64);
        else
          put_plain(bytes, 64);
        put_pointer(at, bytes);
        put_number(base + field->length_offset, 64);
        break;
      case K_POINTER:
        bytes = another();
        put_canary(bytes, 64);
        put_pointer(at, bytes);
        break;
      case K_STRUCTURE:
        fill_structure(at, field->structure);
        break;
      case K_STRUCTURE_POINTER:
        bytes = another();
        fill_structure(bytes, field->structure);
        put_pointer(at, bytes);
        break;
      case K_NUMBER:
      case K_ENUM:
        put_number(at, 1);
        break;
      case K_BOOLEAN:
        *at = 1;
        break;
      case K_BYTES:
        put_plain(at, field->size);
    }
  }
}

/* The mechanisms with a described parameter in turn, and one whose parameter nobody knows. */
static void fill_mechanism(CK_BYTE *slot, unsigned long turn) {
  unsigned which = (unsigned)(turn % (parameter_count + 1));
  CK_MECHANISM mechanism = {0x80000001UL, another(), 64};
  if (which == parameter_count) {
    put_canary(mechanism.pParameter, 64);
  } else {
    const struct parameter_info *info = &parameters[which];
    mechanism.mechanism = info->mechanism;
    mechanism.ulParameterLen = info->form == P_BYTES ? info->size : sizeof(CK_ULONG);
    if (info->form == P_STRUCTURE) {
      mechanism.ulParameterLen = structures[info->structure].size;
      fill_structure(mechanism.pParameter, info->structure);
    } else {
      put_plain(mechanism.pParameter, 16);
    }
  }
  memcpy(slot, &mechanism, sizeof mechanism);
}

#define TEMPLATE 12

/* Twelve of the attributes in turn, some of an unknown type or with a length that is not that of their kind. */
static void fill_template(CK_BYTE *slot, unsigned long turn) {
  CK_ATTRIBUTE *list = (CK_ATTRIBUTE *)(void *)slot;
  for (unsigned i = 0; i < TEMPLATE; i++) {
    const struct attribute_info *info = &attributes[(turn * TEMPLATE + i) % attribute_count];
    list[i] = (CK_ATTRIBUTE){info->type, another(), 32};
    int odd = (turn / 16 + i) % 7 == 6;
    if (odd && i % 2) list[i].type = 0x80001234UL;
    if (info->secrecy == SECRECY_NEVER || list[i].type != info->type)
      put_canary(list[i].pValue, 32);
    else
      put_plain(list[i].pValue, 32);
    if (info->kind == K_BOOLEAN && !odd) list[i].ulValueLen = 1;
    if ((info->kind == K_NUMBER || info->kind == K_ENUM) && !odd) {
      list[i].ulValueLen = sizeof(CK_ULONG);
      /* Of class 4, a secret key. */
      put_number(list[i].pValue, 4);
    }
    /* A value of a kind of fixed length that has another is shown at no level. */
    if (odd && (info->kind == K_BOOLEAN || info->kind == K_NUMBER || info->kind == K_ENUM)) put_canary(list[i].pValue, 32);
    if (info->kind == K_TEMPLATE) {
      list[i].ulValueLen = sizeof(CK_ATTRIBUTE);
      CK_ATTRIBUTE inner = {0x11, another(), 32};
      put_canary(inner.pValue, 32);
      memcpy(list[i].pValue, &inner, sizeof inner);
    }
  }
}

static void fill_argument(const struct argument *row, unsigned index, unsigned long turn) {
  CK_BYTE *slot = arena.slots[index];
  switch (row->kind) {
    case A_PIN:
      put_canary(slot, SLOT);
      break;
    case A_BUFFER:
      if (row->never)
        put_canary(slot, SLOT);
      else
        put_plain(slot, SLOT);
      break;
    case A_STRING:
      strcpy((char *)slot, "C_Sign");
      break;
    case A_TEXT:
      put_plain(slot, 32);
      break;
    case A_MECHANISM:
      fill_mechanism(slot, turn);
      break;
    case A_TEMPLATE:
      fill_template(slot, turn);
      break;
    case A_INITIALIZE_ARGUMENTS:
      ((CK_C_INITIALIZE_ARGS *)(void *)slot)->flags = 2;
      ((CK_C_INITIALIZE_ARGS *)(void *)slot)->pReserved = slot + 128;
      put_canary(slot + 128, 128);
      break;
    case A_LENGTH:
      put_number(slot, ROOM);
      break;
    case A_POINTER:
      put_canary(slot, 128);
  }
}

static void prepare(enum function function, enum variant variant, unsigned long turn) {
  unsigned count = function_arguments[function].count;
  const struct argument *rows = function_arguments[function].rows;
  memset(&arena, 0, sizeof arena);
  more_used = 0;
  for (unsigned i = 0; i < count; i++) {
    int pointer = rows[i].pointer && variant != NO_POINTERS;
    int buffer = rows[i].out && (rows[i].kind == A_BUFFER || rows[i].kind == A_SLOTS || rows[i].kind == A_MECHANISMS);
    if (pointer) fill_argument(&rows[i], i, turn);
    arena.values[i] = rows[i].pointer ? (uintptr_t)(pointer && !(buffer && variant == NO_BUFFERS) ? arena.slots[i] : 0)
                      : rows[i].kind == A_LENGTH ? ROOM
                                                 : (rows[i].kind == A_ENUM ? turn % 3 : 0x100 + i);
    if (rows[i].kind == A_BOOLEAN) arena.values[i] = turn & 1;
  }
  for (unsigned i = 0; i < count; i++)
    if (rows[i].kind == A_TEMPLATE && rows[i].length >= 0) arena.values[rows[i].length] = variant == NO_POINTERS ? 0 : TEMPLATE;
  before = arena;
}

static CK_RV call(enum function function, const struct function_list *list, struct recorder *seen) {
  errno = 17;
  CK_RV rv = call_function(function, list, arena.values);
  if (errno != 4242 || recorder->error != 17) {
    fprintf(stderr, "%s: errno %d outside, %d inside\n", function_arguments[function].name, errno, recorder->error);
    different++;
  }
  *seen = *recorder;
  return rv;
}

static void compare(enum function function, const struct function_list *direct, const struct function_list *spied) {
  struct recorder first, second;
  CK_RV rv = call(function, direct, &first);
  after_direct = arena;
  arena = before;
  CK_RV spied_rv = call(function, spied, &second);
  compared++;
  int same = rv == spied_rv && second.calls == first.calls + 1 && first.function == second.function &&
             first.count == second.count && memcmp(first.arguments, second.arguments, sizeof first.arguments) == 0 &&
             memcmp(&arena, &after_direct, sizeof arena) == 0;
  if (!same) {
    different++;
    fprintf(stderr, "%s: differs (0x%lx, 0x%lx)\n", function_arguments[function].name, rv, spied_rv);
  }
}

static void compare_list(const struct function_list *direct, const struct function_list *spied, unsigned known) {
  static const CK_RV classes[] = {CKR_OK, CKR_BUFFER_TOO_SMALL, CKR_ATTRIBUTE_SENSITIVE, 0x30, 0x80000123UL};
  const void *const *a = (const void *const *)(const void *)&direct->C_Initialize;
  const void *const *b = (const void *const *)(const void *)&spied->C_Initialize;
  if (memcmp(&direct->version, &spied->version, sizeof direct->version) != 0) different++, fputs("another version\n", stderr);
  for (unsigned f = 0; f < known; f++) {
    if (!a[f] != !b[f]) different++, fprintf(stderr, "%s: there and not there\n", function_arguments[f].name);
    if (!a[f] || f == F_C_GetFunctionList || f == F_C_GetInterfaceList || f == F_C_GetInterface) continue;
    unsigned long turn = 0;
    int many = 0;
    for (unsigned i = 0; i < function_arguments[f].count; i++)
      many |= function_arguments[f].rows[i].kind == A_MECHANISM || function_arguments[f].rows[i].kind == A_TEMPLATE;
    for (; turn < (many ? parameter_count + 1 : 3); turn++)
      for (enum variant variant = 0; variant < VARIANTS; variant++)
        for (unsigned c = 0; c < sizeof classes / sizeof *classes; c++)
          for (recorder->lies = 0; recorder->lies < 2; recorder->lies++) {
            /* All mechanisms and attributes come once; all ways to answer only with the first of them. */
            if (turn > 5 && (variant != NORMAL || c > 0 || recorder->lies)) continue;
            recorder->rv = classes[c];
            prepare((enum function)f, variant, turn);
            compare((enum function)f, direct, spied);
          }
  }
}

struct module {
  CK_RV (*list)(struct function_list **);
  CK_RV (*interfaces)(CK_INTERFACE_PTR, CK_ULONG_PTR);
  CK_RV (*interface)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);
};

static void *load(const char *path, struct module *module) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  *(void **)&module->list = dlsym(library, "C_GetFunctionList");
  *(void **)&module->interfaces = dlsym(library, "C_GetInterfaceList");
  *(void **)&module->interface = dlsym(library, "C_GetInterface");
  return library;
}

static void expect(int true, const char *what) {
  compared++;
  if (!true) different++, fprintf(stderr, "%s\n", what);
}

static void compare_interfaces(struct module *direct, struct module *spied) {
  CK_INTERFACE a[8], b[8];
  CK_ULONG count_a = 8, count_b = 8;
  expect(direct->interfaces(NULL, NULL) == spied->interfaces(NULL, NULL), "C_GetInterfaceList without a count");
  CK_ULONG one_a = 1, one_b = 1;
  expect(direct->interfaces(a, &one_a) == spied->interfaces(b, &one_b) && one_a == one_b, "too little room");
  expect(direct->interfaces(NULL, &count_a) == CKR_OK && spied->interfaces(NULL, &count_b) == CKR_OK && count_a == count_b, "count");
  expect(direct->interfaces(a, &count_a) == CKR_OK && spied->interfaces(b, &count_b) == CKR_OK && count_a == count_b, "list");
  for (CK_ULONG i = 0; i < count_a; i++) {
    int standard = strcmp((char *)a[i].pInterfaceName, "PKCS 11") == 0;
    const CK_VERSION *version = a[i].pFunctionList;
    expect(strcmp((char *)a[i].pInterfaceName, (char *)b[i].pInterfaceName) == 0 && a[i].flags == b[i].flags, "name or flags");
    expect(standard == (a[i].pFunctionList != b[i].pFunctionList), "the vendor's own interface is untouched, the others are not");
    CK_VERSION wanted = *version;
    CK_INTERFACE *named = NULL;
    expect(spied->interface(a[i].pInterfaceName, &wanted, &named, a[i].flags) == CKR_OK && named->pFunctionList == b[i].pFunctionList, "C_GetInterface");
    if (standard) compare_list(a[i].pFunctionList, b[i].pFunctionList, version->minor < 2 ? 92 : 104);
  }
  CK_VERSION absent = {3, 7};
  CK_INTERFACE *found = NULL, *found_b = NULL;
  expect(direct->interface(NULL, &absent, &found, 0) == spied->interface(NULL, &absent, &found_b, 0), "a version that is not there");
  expect(direct->interface(NULL, NULL, &found, 0) == spied->interface(NULL, NULL, &found_b, 0) && found->flags == found_b->flags, "the default");
}

int main(int count, char **values) {
  struct module direct, spied;
  struct function_list *list_a, *list_b;
  if (count != 4) return 2;
  canary = values[3];
  recorder_control_function control;
  void *library = load(values[2], &direct);
  *(void **)&control = dlsym(library, "recorder_control");
  recorder = control();
  recorder->canary = canary;
  load(values[1], &spied);
  expect(direct.list(NULL) == spied.list(NULL), "C_GetFunctionList(NULL)");
  expect(direct.list(&list_a) == CKR_OK && spied.list(&list_b) == CKR_OK, "C_GetFunctionList");
  compare_list(list_a, list_b, 68);
  compare_interfaces(&direct, &spied);
  printf("%lu compared, %lu different\n", compared, different);
  return different ? 1 : 0;
}
