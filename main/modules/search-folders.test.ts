import { describe, expect, test } from "vitest";
import { knownLibraries } from "./known-libraries.ts";
import { knownPaths, type Machine, p11KitFolders, searchFolders } from "./search-folders.ts";

const linux: Machine = { platform: "linux", arch: "x64", home: "/home/ada", environment: {} };
const mac: Machine = { platform: "darwin", arch: "arm64", home: "/Users/ada", environment: {} };
const windows: Machine = {
  platform: "win32",
  arch: "x64",
  home: "C:\\Users\\ada",
  environment: {
    SystemRoot: "C:\\Windows",
    ProgramFiles: "C:\\Program Files",
    "ProgramFiles(x86)": "C:\\Program Files (x86)",
  },
};
const paths = (machine: Machine) => knownPaths(machine).map(({ path }) => path);

test.each([
  ["x64", "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"],
  ["arm64", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"],
  ["arm", "/usr/lib/arm-linux-gnueabihf/pkcs11/opensc-pkcs11.so"],
])("on Linux %s the multiarch folders are looked in", (arch, path) => {
  expect(paths({ ...linux, arch })).toContain(path);
});

test("the usual paths of distributions and vendors are among the known ones", () => {
  expect(paths(linux)).toEqual(
    expect.arrayContaining([
      "/usr/lib64/pkcs11/opensc-pkcs11.so",
      "/usr/lib/softhsm/libsofthsm2.so",
      "/usr/lib64/pkcs11/libsofthsm2.so",
      "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so",
      "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so",
      "/usr/lib/bit4id/libbit4opki.so",
      "/usr/lib/x64-athena/libASEP11.so",
      "/opt/nfast/toolkits/pkcs11/libcknfast.so",
      "/snap/firefox/current/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
      "/home/ada/.local/lib/libnethsm_pkcs11.so",
    ]),
  );
  expect(paths(mac)).toEqual(
    expect.arrayContaining([
      "/Library/OpenSC/lib/opensc-pkcs11.so",
      "/opt/homebrew/lib/softhsm/libsofthsm2.so",
      "/usr/local/lib/libykcs11.dylib",
      "/Library/Application Support/Athena/libASEP11.dylib",
    ]),
  );
  expect(paths(windows)).toEqual(
    expect.arrayContaining([
      "C:\\Windows\\System32\\eTPKCS11.dll",
      "C:\\Program Files\\Yubico\\YubiHSM Shell\\bin\\pkcs11\\yubihsm_pkcs11.dll",
      "C:\\Program Files (x86)\\nCipher\\nfast\\toolkits\\pkcs11\\cknfast-64.dll",
    ]),
  );
});

test("a Homebrew elsewhere is found by its own variable", () => {
  const moved = { ...mac, environment: { HOMEBREW_PREFIX: "/Users/ada/brew" } };
  expect(searchFolders(moved)).toContain("/Users/ada/brew/lib/pkcs11");
  expect(p11KitFolders(moved)[0]).toBe("/Users/ada/brew/lib/pkcs11");
});

describe("every path", () => {
  test.each([linux, mac, windows])("is absolute, whole and there once on $platform", (machine) => {
    const all = paths(machine);
    expect(all.length).toBeGreaterThan(25);
    expect(new Set(all).size).toBe(all.length);
    for (const path of all) {
      expect(path).toMatch(machine.platform === "win32" ? /^[A-Z]:\\/ : /^\//);
      expect(path).not.toMatch(/[<>%]/);
    }
  });

  test("a Windows path whose variable is not set is left out, not cut short", () => {
    expect(paths({ ...windows, environment: {} }).every((path) => path.startsWith("C:\\SoftHSM2"))).toBe(true);
  });
});

test("each vendor is in the table once", () => {
  const vendors = knownLibraries.map(({ vendor }) => vendor);
  expect(new Set(vendors).size).toBe(vendors.length);
});
