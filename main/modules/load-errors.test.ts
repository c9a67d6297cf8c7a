import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../preload/contract/errors.ts";
import { loadError } from "./load-errors.ts";

const path = "/opt/vendor/libvendor-pkcs11.so";

/** [loader, its text, code, what the message or remedy must name] */
const texts: [string, string, ErrorCode, RegExp][] = [
  ["glibc", `${path}: cannot open shared object file: No such file or directory`, "MODULE_NOT_FOUND", /no file/],
  [
    "glibc",
    "libpcsclite.so.1: cannot open shared object file: No such file or directory",
    "MODULE_MISSING_DEPENDENCY",
    /apt-file search libpcsclite\.so\.1/,
  ],
  ["glibc", `${path}: undefined symbol: C_GetFunctionList`, "MODULE_NOT_PKCS11", /C_GetFunctionList/],
  ["glibc", `${path}: undefined symbol: SCardEstablishContext`, "MODULE_MISSING_DEPENDENCY", /SCardEstablishContext/],
  [
    "glibc",
    `${path}: undefined symbol: EVP_MD_CTX_new, version OPENSSL_1_1_0`,
    "MODULE_MISSING_DEPENDENCY",
    /EVP_MD_CTX_new,/,
  ],
  ["glibc", `${path}: wrong ELF class: ELFCLASS32`, "MODULE_WRONG_ARCHITECTURE", /32-bit/],
  [
    "glibc",
    `/lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.38' not found (required by ${path})`,
    "MODULE_LOAD_FAILED",
    /GLIBC_2\.38/,
  ],
  [
    "glibc",
    `/lib/libcrypto.so.1.1: version \`OPENSSL_1_1_1' not found (required by ${path})`,
    "MODULE_MISSING_DEPENDENCY",
    /OPENSSL_1_1_1/,
  ],
  ["glibc", `${path}: invalid ELF header`, "MODULE_NOT_A_LIBRARY", /not a library/],
  ["glibc", `${path}: cannot read file data`, "MODULE_NOT_A_LIBRARY", /cut short/],
  ["glibc", `${path}: file too short`, "MODULE_NOT_A_LIBRARY", /cut short/],
  ["glibc", `${path}: cannot dynamically load position-independent executable`, "MODULE_NOT_A_LIBRARY", /program/],
  ["glibc", `${path}: cannot open shared object file: Permission denied`, "MODULE_LOAD_FAILED", /ls -l \/opt\/vendor/],
  ["glibc", `${path}: failed to map segment from shared object`, "MODULE_LOAD_FAILED", /noexec/],
  ["musl", `Error loading shared library ${path}: No such file or directory`, "MODULE_NOT_FOUND", /no file/],
  [
    "musl",
    `Error loading shared library libfoo.so.1: No such file or directory (needed by ${path})`,
    "MODULE_MISSING_DEPENDENCY",
    /libfoo\.so\.1/,
  ],
  ["musl", `Error relocating ${path}: fopen64: symbol not found`, "MODULE_MISSING_DEPENDENCY", /fopen64/],
  ["musl", "Symbol not found: C_GetFunctionList", "MODULE_NOT_PKCS11", /C_GetFunctionList/],
  [
    "dyld",
    `dlopen(${path}, 0x0001): tried: '${path}' (no such file), '/System/Volumes/Preboot/Cryptexes/OS${path}' (no such file)`,
    "MODULE_NOT_FOUND",
    /no file/,
  ],
  [
    "dyld",
    `dlopen(${path}, 0x0001): Library not loaded: @rpath/libcrypto.3.dylib\n  Referenced from: <1234> ${path}\n  Reason: tried: '/usr/local/lib/libcrypto.3.dylib' (no such file)`,
    "MODULE_MISSING_DEPENDENCY",
    /libcrypto\.3\.dylib/,
  ],
  [
    "dyld",
    `dlopen(${path}, 0x0001): tried: '${path}' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))`,
    "MODULE_WRONG_ARCHITECTURE",
    /x86_64/,
  ],
  [
    "dyld",
    `dlopen(${path}, 0x0001): tried: '${path}' (code signature in <AB> '${path}' not valid for use in process: mapping process and mapped file (non-platform) have different Team IDs)`,
    "MODULE_LOAD_FAILED",
    /library validation/,
  ],
  [
    "dyld",
    `dlopen(${path}, 0x0001): symbol not found in flat namespace '_SCardConnect'`,
    "MODULE_MISSING_DEPENDENCY",
    /_SCardConnect/,
  ],
  ["dyld", "dlsym(0x7ff8, C_GetFunctionList): symbol not found", "MODULE_NOT_PKCS11", /C_GetFunctionList/],
  ["dyld", `dlopen(${path}, 0x0001): tried: '${path}' (not a mach-o file)`, "MODULE_NOT_A_LIBRARY", /not a library/],
  ["Windows", "Win32 error 126", "MODULE_MISSING_DEPENDENCY", /Visual C\+\+/],
  ["Windows", "Win32 error 127", "MODULE_NOT_PKCS11", /C_GetFunctionList/],
  ["Windows", "Win32 error 193", "MODULE_WRONG_ARCHITECTURE", /does not fit/],
  ["Windows", "Win32 error 5", "MODULE_LOAD_FAILED", /may not be read/],
  ["Windows", "Win32 error 1114", "MODULE_LOAD_FAILED", /DllMain/],
  ["Windows", "Win32 error 577", "MODULE_LOAD_FAILED", /signature/],
];

test.each(texts)("%s: %s", (_loader, text, code, names) => {
  const error = loadError(path, new Error(text));
  expect(error).toMatchObject({ code, where: path, details: { loader: text } });
  expect(`${error?.message}\n${error?.remedy}`).toMatch(names);
  expect(error?.message).not.toBe("");
  expect(error?.remedy).not.toBe("");
});

test("a missing dependency is also named for programs", () => {
  const text = "libpcsclite.so.1: cannot open shared object file: No such file or directory";
  expect(loadError(path, new Error(text))?.details).toMatchObject({ missing: "libpcsclite.so.1" });
});

test("text that nobody knows is shown as it is", () => {
  expect(loadError(path, new Error("the moon is full"))).toMatchObject({
    code: "MODULE_LOAD_FAILED",
    message: expect.stringContaining("the moon is full"),
  });
});

describe("what does not come from the loader", () => {
  test("a return value, also one that C_GetFunctionList gave", () => {
    expect(loadError(path, new Error("CKR_DEVICE_ERROR:48"))).toBeNull();
    expect(loadError(path, Object.assign(new Error("CKR_GENERAL_ERROR"), { name: "Pkcs11Error" }))).toBeNull();
    expect(loadError(path, Object.assign(new Error("0x80000001"), { name: "Pkcs11Error" }))).toBeNull();
  });

  test("a bug", () => {
    expect(loadError(path, new TypeError("x is not a function"))).toBeNull();
    expect(loadError(path, "text")).toBeNull();
  });

  test("a path with CKR_ in it is still a load error", () => {
    const odd = "/opt/CKR_VENDOR/a.so";
    expect(loadError(odd, new Error(`${odd}: invalid ELF header`))?.code).toBe("MODULE_NOT_A_LIBRARY");
  });
});
