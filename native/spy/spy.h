#ifndef TOKENGLASS_SPY_SPY_H
#define TOKENGLASS_SPY_SPY_H

#include "tables.h"

/* Function lists that a module can have and that are recorded; more than that are handed on as they are. */
#define LISTS 8
/* Entries behind those we know: NULL, so that a program that expects a later version finds nothing rather than anything. */
#define LIST_ENTRIES (FUNCTION_COUNT + 64)

typedef void (*any_function)(void);

/* One function list of the module and ours in its place. A call through ours goes to the same entry of the module's. */
struct spy_list {
  const struct function_list *real;
  unsigned known;                /* entries of `real` that may be read */
  char fragment[20];             /* `,"v":"3.0"` in its calls, or nothing for the list of 2.40 */
  unsigned char fragment_length;
  union {
    struct function_list functions;
    struct {
      CK_VERSION version;
      any_function entries[LIST_ENTRIES];
    } all;
  } own;
};

extern struct spy_list spy_lists[LISTS];

/* Wrappers by list and function; generated. Those of the three functions that hand out lists are in module.c. */
extern const any_function spy_wrappers[LISTS][FUNCTION_COUNT];

CK_RV spy_C_GetFunctionList(const struct spy_list *list, struct function_list **functions);
CK_RV spy_C_GetInterfaceList(const struct spy_list *list, CK_INTERFACE_PTR interfaces, CK_ULONG_PTR count);
CK_RV spy_C_GetInterface(const struct spy_list *list, CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
                         CK_INTERFACE_PTR_PTR interface, CK_FLAGS flags);

/* After C_Finalize has succeeded. */
void spy_finalized(void);

/* For calls that begin from now on. */
void record_settings(int level, uint64_t until, int begin_all);

#endif
