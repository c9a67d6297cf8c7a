#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tables.h"

/*
 * host MODULE WHAT [CALLS]
 *
 * A program that does to a module what programs do, and prints the return value of the last call and the number of calls
 * that succeeded: "0x0 20". It ends with 0 if nothing went wrong for itself.
 */

static struct function_list *list;
static long wanted = 20;

static CK_RV load(const char *path, void **library) {
  CK_RV (*get)(struct function_list **);
  *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!*library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(3);
  }
  *(void **)&get = dlsym(*library, "C_GetFunctionList");
  return get(&list);
}

/* C_GetInfo, which any module answers, as often as wanted. */
static CK_RV calls(long *good) {
  CK_INFO info;
  CK_RV rv = CKR_OK;
  for (long i = 0; i < wanted; i++) {
    rv = list->C_GetInfo(&info);
    if (rv == CKR_OK) ++*good;
  }
  return rv;
}

static int number_of_descriptors(void) {
  int count = 0;
  for (int fd = 0; fd < 1024; fd++) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

/* Closes every descriptor and opens others in their place, as daemons do: nothing of ours may go there. */
static void close_all(const char *file) {
  for (int fd = 3; fd < 1024; fd++) close(fd);
  for (int fd = 3; fd < 1024; fd++) open(file, O_RDWR | O_CREAT | O_APPEND, 0600);
}

typedef CK_RV (*get_interface)(const char *, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);
typedef CK_RV (*get_interface_list)(CK_INTERFACE_PTR, CK_ULONG_PTR);

/* Every way to ask for an interface: the answers, with the version that came. */
static void interfaces(void *library) {
  CK_VERSION two = {2, 40}, three = {3, 0};
  struct {
    const char *name;
    CK_VERSION *version;
    CK_FLAGS flags;
  } asked[] = {{NULL, NULL, 0}, {"PKCS 11", NULL, 0}, {NULL, &two, 0}, {NULL, &three, 0}, {"Vendor", NULL, 0}, {NULL, NULL, 1}};
  get_interface get;
  get_interface_list get_list;
  CK_INTERFACE *found, all[4];
  CK_ULONG count = 4;
  *(void **)&get = dlsym(library, "C_GetInterface");
  *(void **)&get_list = dlsym(library, "C_GetInterfaceList");
  for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
    CK_RV rv = get(asked[i].name, asked[i].version, &found, asked[i].flags);
    if (rv == CKR_OK)
      printf("%u.%u ", ((CK_VERSION *)found->pFunctionList)->major, ((CK_VERSION *)found->pFunctionList)->minor);
    else
      printf("0x%lx ", rv);
  }
  CK_RV rv = get_list(all, &count);
  printf("0x%lx %lu\n", rv, count);
}

int main(int count, char **values) {
  void *library;
  long good = 0;
  const char *what = values[2];
  if (count < 3) return 2;
  if (count > 3) wanted = atol(values[3]);
  if (strcmp(what, "closed") == 0) {
    int out = fcntl(1, F_DUPFD, 100);
    for (int fd = 0; fd < 3; fd++) close(fd);
    CK_RV loaded = load(values[1], &library);
    if (loaded == CKR_OK) loaded = list->C_Initialize(NULL);
    if (loaded == CKR_OK) loaded = calls(&good);
    /* 0 to 2 are still free: whatever the program opens for itself next is there. */
    int free = fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
    dprintf(out, "0x%lx %ld %s\n", loaded, good, free ? "free" : "taken");
    return 0;
  }
  if (strcmp(what, "loop") == 0) {
    CK_RV rv = CKR_OK;
    int descriptors = 0;
    for (int i = 0; i < 50; i++) {
      rv = load(values[1], &library);
      if (rv == CKR_OK) rv = list->C_Initialize(NULL);
      if (rv == CKR_OK) rv = list->C_Finalize(NULL);
      dlclose(library);
      good += rv == CKR_OK;
      if (i == 0) descriptors = number_of_descriptors();
    }
    printf("0x%lx %ld %d\n", rv, good, number_of_descriptors() - descriptors);
    return 0;
  }
  CK_RV rv = load(values[1], &library);
  if (rv != CKR_OK) {
    printf("0x%lx 0\n", rv);
    return 0;
  }
  if (strcmp(what, "interfaces") == 0) {
    interfaces(library);
    return 0;
  }
  rv = list->C_Initialize(NULL);
  if (strcmp(what, "limit-later") == 0) {
    struct rlimit limit = {20000, 20000};
    calls(&good);
    setrlimit(RLIMIT_FSIZE, &limit);
    usleep(120000);
  }
  if (strcmp(what, "close-all") == 0) {
    calls(&good);
    close_all(values[4]);
    usleep(120000);
  }
  if (strcmp(what, "fork") == 0) {
    calls(&good);
    for (int i = 0; i < 5; i++)
      if (fork() == 0) {
        calls(&good);
        exit(0);
      }
    while (wait(NULL) > 0) {}
  }
  rv = calls(&good);
  if (strcmp(what, "errno") == 0) {
    errno = 77;
    CK_INFO info;
    list->C_GetInfo(&info);
    if (errno != 77) return 5;
  }
  list->C_Finalize(NULL);
  printf("0x%lx %ld\n", rv, good);
  return 0;
}
