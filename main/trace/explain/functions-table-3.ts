import type { Chapter, FunctionEntry } from "./functions.ts";

const callers3 = "Programs written for PKCS#11 3.x.";

/** The five message functions, which are alike for the four operations (3.0). */
const messageFunctions = (
  chapter: Chapter,
  name: string,
  doing: string,
  result: string,
  key: string,
): readonly FunctionEntry[] => {
  const init = `C_Message${name}Init`;
  return [
    [init, chapter, `Begins ${doing} a row of messages with one key and mechanism.`, key, callers3],
    [
      `C_${name}Message`,
      chapter,
      `${result} one message, with parameters of its own (such as its nonce).`,
      `${init}.`,
      callers3,
    ],
    [`C_${name}MessageBegin`, chapter, `Begins ${doing} one message in pieces.`, `${init}.`, callers3],
    [
      `C_${name}MessageNext`,
      chapter,
      `${result} the next piece of a message; a flag or buffer marks the last one.`,
      `C_${name}MessageBegin.`,
      callers3,
    ],
    [`C_Message${name}Final`, chapter, `Ends ${doing} messages.`, `${init}.`, callers3],
  ];
};

/** The 24 functions that came with 3.0 and the 12 that came with 3.2. */
export const functionTable3: readonly FunctionEntry[] = [
  [
    "C_GetInterfaceList",
    "general",
    "Lists the function tables that the library offers, by name and version.",
    "Nothing: it is found by name.",
    "Tools that show what a library offers.",
  ],
  [
    "C_GetInterface",
    "general",
    'Hands out a function table by name ("PKCS 11"), version and flags; a NULL version means the library\'s own choice.',
    "Nothing: it is found by name. It often comes before C_Initialize.",
    "Programs for 3.x; they fall back to C_GetFunctionList.",
  ],
  [
    "C_LoginUser",
    "session",
    "Logs in like C_Login, with a user name.",
    "C_OpenSession.",
    "Programs for HSMs with named users.",
  ],
  [
    "C_SessionCancel",
    "session",
    "Ends running operations of a session without their result.",
    "An Init call.",
    "Programs that give up an operation.",
  ],
  ...messageFunctions("messageEncrypt", "Encrypt", "encrypting", "Encrypts", "A key's handle."),
  ...messageFunctions("messageDecrypt", "Decrypt", "decrypting", "Decrypts", "A key's handle."),
  ...messageFunctions("messageSign", "Sign", "signing", "Signs", "A private or secret key's handle; C_Login."),
  ...messageFunctions("messageVerify", "Verify", "checking", "Checks", "A public or secret key's handle."),
  [
    "C_EncapsulateKey",
    "key",
    "Makes a shared secret for a public key (ML-KEM and alike): the secret stays as a new key, the ciphertext is given out.",
    "The public key's handle, with CKA_ENCAPSULATE.",
    "TLS stacks with post-quantum key exchange.",
  ],
  [
    "C_DecapsulateKey",
    "key",
    "Makes the shared secret from a ciphertext with the private key.",
    "The private key's handle, with CKA_DECAPSULATE; C_Login.",
    "TLS stacks with post-quantum key exchange.",
  ],
  [
    "C_VerifySignatureInit",
    "verify",
    "Begins checking a signature that is given first, before the data.",
    "A public key's handle.",
    "Checks of long data and of hash-based signatures.",
  ],
  ["C_VerifySignature", "verify", "Checks the data in one piece.", "C_VerifySignatureInit.", callers3],
  ["C_VerifySignatureUpdate", "verify", "Gives the next piece of data to check.", "C_VerifySignatureInit.", callers3],
  [
    "C_VerifySignatureFinal",
    "verify",
    "Ends checking in pieces and says whether the signature is right.",
    "C_VerifySignatureInit, C_VerifySignatureUpdate.",
    callers3,
  ],
  [
    "C_GetSessionValidationFlags",
    "session",
    "Asks whether what the session did last is part of what the token is certified for.",
    "C_OpenSession.",
    "Programs under a validation scheme (FIPS).",
  ],
  [
    "C_AsyncComplete",
    "session",
    "Asks whether a call that answered CKR_PENDING is done, and takes its result.",
    "An asynchronous session (CKF_ASYNC_SESSION) and a call in it.",
    "Programs that keep many slow operations going.",
  ],
  [
    "C_AsyncGetID",
    "session",
    "Asks for an ID of a pending call, to go on with it after a restart.",
    "A call that answered CKR_PENDING.",
    "Programs that keep slow operations going.",
  ],
  [
    "C_AsyncJoin",
    "session",
    "Takes up a pending call by its ID.",
    "C_AsyncGetID, maybe in another process.",
    "Programs that keep slow operations going.",
  ],
  [
    "C_WrapKeyAuthenticated",
    "key",
    "Gives a key out, encrypted and authenticated together with more data.",
    "Handles of both keys; CKA_WRAP of the one, CKA_EXTRACTABLE of the other.",
    "Back-up and key exchange.",
  ],
  [
    "C_UnwrapKeyAuthenticated",
    "key",
    "Takes in a key that was encrypted and authenticated together with more data.",
    "The unwrapping key's handle, with CKA_UNWRAP.",
    "Back-up and key exchange.",
  ],
];
