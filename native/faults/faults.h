#ifndef TOKENGLASS_FAULTS_H
#define TOKENGLASS_FAULTS_H

#define _DEFAULT_SOURCE
#include <pkcs11.h>

/*
 * Faults on purpose, for modules that only tests load. The environment variable TOKENGLASS_MOCK holds settings
 * separated by ';', each NAME=VALUE. Those read here:
 *
 *   fault=KIND:FUNCTION[:ARGUMENT][@N[+]]   may be given several times
 *     KIND      segv | abort | exit (status 3) | hang (for good, deaf to SIGTERM)
 *               error (ARGUMENT: the return value, e.g. 0x32) | slow (ARGUMENT: milliseconds, then goes on)
 *     FUNCTION  any PKCS#11 function; `load` is C_GetFunctionList
 *     @N        only at the Nth call of the function; @N+ from the Nth call on
 *   faults-while=PATH                       faults happen, and calls count, only while the file is there
 */

/* The value of a setting, or NULL. `skip` leaves out that many occurrences. Valid until the next call. */
const char *setting(const char *name, int skip);
/* The setting as a number (decimal or 0x), or `otherwise`. */
unsigned long setting_number(const char *name, unsigned long otherwise);
/* Whether the setting is there and has that value. */
int setting_is(const char *name, const char *value);

/* To be called first in every PKCS#11 function. CKR_OK: go on. May not return at all. */
CK_RV faults_enter(const char *function);

/* Waits; a signal does not shorten it. */
void wait_milliseconds(unsigned long milliseconds);

#endif
