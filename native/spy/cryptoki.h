#ifndef TOKENGLASS_SPY_CRYPTOKI_H
#define TOKENGLASS_SPY_CRYPTOKI_H

/*
 * The types of PKCS#11 that the spy needs, declared here since no header of 3.2 may be shipped. The function types,
 * function lists and parameter structures are generated from native/description.
 */

typedef unsigned char CK_BYTE, CK_BBOOL, CK_CHAR, CK_UTF8CHAR;
typedef unsigned long CK_ULONG, CK_RV, CK_FLAGS, CK_SLOT_ID, CK_SESSION_HANDLE, CK_OBJECT_HANDLE, CK_USER_TYPE, CK_STATE,
    CK_MECHANISM_TYPE, CK_ATTRIBUTE_TYPE, CK_SESSION_VALIDATION_FLAGS_TYPE;
typedef void *CK_VOID_PTR;
typedef CK_BYTE *CK_BYTE_PTR;
typedef CK_UTF8CHAR *CK_UTF8CHAR_PTR;
typedef CK_ULONG *CK_ULONG_PTR;
typedef CK_FLAGS *CK_FLAGS_PTR;
typedef CK_SLOT_ID *CK_SLOT_ID_PTR;
typedef CK_SESSION_HANDLE *CK_SESSION_HANDLE_PTR;
typedef CK_OBJECT_HANDLE *CK_OBJECT_HANDLE_PTR;
typedef CK_MECHANISM_TYPE *CK_MECHANISM_TYPE_PTR;
typedef CK_RV (*CK_NOTIFY)(CK_SESSION_HANDLE, CK_ULONG, CK_VOID_PTR);

typedef struct CK_VERSION {
  CK_BYTE major, minor;
} CK_VERSION, *CK_VERSION_PTR;

typedef struct CK_ATTRIBUTE {
  CK_ATTRIBUTE_TYPE type;
  CK_VOID_PTR pValue;
  CK_ULONG ulValueLen;
} CK_ATTRIBUTE, *CK_ATTRIBUTE_PTR;

typedef struct CK_MECHANISM {
  CK_MECHANISM_TYPE mechanism;
  CK_VOID_PTR pParameter;
  CK_ULONG ulParameterLen;
} CK_MECHANISM, *CK_MECHANISM_PTR;

typedef struct CK_INTERFACE {
  CK_UTF8CHAR_PTR pInterfaceName;
  CK_VOID_PTR pFunctionList;
  CK_FLAGS flags;
} CK_INTERFACE, *CK_INTERFACE_PTR, **CK_INTERFACE_PTR_PTR;

typedef struct CK_C_INITIALIZE_ARGS {
  CK_VOID_PTR CreateMutex, DestroyMutex, LockMutex, UnlockMutex;
  CK_FLAGS flags;
  CK_VOID_PTR pReserved;
} CK_C_INITIALIZE_ARGS;

enum {
  CKR_OK = 0x0,
  CKR_GENERAL_ERROR = 0x5,
  CKR_ARGUMENTS_BAD = 0x7,
  CKR_ATTRIBUTE_SENSITIVE = 0x11,
  CKR_ATTRIBUTE_TYPE_INVALID = 0x12,
  CKR_FUNCTION_NOT_SUPPORTED = 0x54,
  CKR_BUFFER_TOO_SMALL = 0x150,
};

#define CK_UNAVAILABLE_INFORMATION (~0UL)

#endif
