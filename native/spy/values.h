#ifndef TOKENGLASS_SPY_VALUES_H
#define TOKENGLASS_SPY_VALUES_H

#include "line.h"
#include "tables.h"

/*
 * Arguments of PKCS#11 as JSON. What a level does not show is left out here, before anything is formatted: no function
 * below reads the bytes of a PIN, and none reads a buffer or an attribute that the level does not show.
 */

/* Key of an argument, with its length: for the functions below. */
#define KEY(name) "\"" name "\":", sizeof(name) + 2

/* Whether PINs are written with their length. */
extern int values_pin_length;

void put_enum(struct line *line, enum group group, CK_ULONG value);

void arg_null(struct line *line, const char *key, unsigned length);
void arg_number(struct line *line, const char *key, unsigned length, CK_ULONG value);
void arg_boolean(struct line *line, const char *key, unsigned length, CK_BBOOL value);
void arg_enum(struct line *line, const char *key, unsigned length, enum group group, CK_ULONG value);
/* Only whether it is NULL: addresses help nobody, and would tell where the process has its memory. */
void arg_pointer(struct line *line, const char *key, unsigned length, const void *pointer);
void arg_pin(struct line *line, const char *key, unsigned length, const void *pin, CK_ULONG count);
void arg_buffer(struct line *line, const char *key, unsigned length, const void *bytes, CK_ULONG count, int shown,
                int level);
void arg_text(struct line *line, const char *key, unsigned length, const void *text, CK_ULONG size);
void arg_string(struct line *line, const char *key, unsigned length, const void *text);
void arg_version(struct line *line, const char *key, unsigned length, const CK_VERSION *version);
void arg_initialize(struct line *line, const char *key, unsigned length, const CK_C_INITIALIZE_ARGS *arguments);
void arg_structure(struct line *line, const char *key, unsigned length, enum structure structure, const void *base,
                   int level);
void arg_mechanism(struct line *line, const char *key, unsigned length, const CK_MECHANISM *mechanism, int level);
/* A template that the application gives with its values. */
void arg_template(struct line *line, const char *key, unsigned length, const CK_ATTRIBUTE *attributes, CK_ULONG count,
                  int level);
/* A list of attributes that are asked for; keeps the lengths of the first TEMPLATE_MOST of them. */
void arg_request(struct line *line, const char *key, unsigned length, const CK_ATTRIBUTE *attributes, CK_ULONG count,
                 CK_ULONG *lengths);
/* The same list when it has been answered. */
void arg_answer(struct line *line, const char *key, unsigned length, const CK_ATTRIBUTE *attributes, CK_ULONG count,
                const CK_ULONG *lengths, int level);
/* `more` is the key of the number of those that are not listed. */
void arg_numbers(struct line *line, const char *key, unsigned length, const char *more, unsigned more_length,
                 const CK_ULONG *values, CK_ULONG count);
void arg_names(struct line *line, const char *key, unsigned length, const char *more, unsigned more_length,
               enum group group, const CK_ULONG *values, CK_ULONG count);

#define TEMPLATE_MOST 64

#endif
