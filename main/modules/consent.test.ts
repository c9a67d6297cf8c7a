import { describe, expect, test } from "vitest";
import { consentError, consentFor, headerError, wrongDigest } from "./consent.ts";
import type { FileFacts } from "./inspect.ts";

const facts = (changes: Partial<FileFacts> = {}): FileFacts => ({
  path: "/usr/lib/a.so",
  realPath: "/usr/lib/a.so.1",
  size: 10,
  sha256: "aa",
  owner: "root",
  mode: "-rw-r--r--",
  othersMayWrite: false,
  othersMayWriteWhat: null,
  binary: { format: "ELF", architectures: ["x86-64"], kind: "library", fitsHere: true },
  systemOwned: false,
  ...changes,
});

describe("a library's code may run", () => {
  test.each([
    ["approved with these bytes", facts(), { "/usr/lib/a.so.1": "aa" }, false, "given"],
    ["approved with other bytes", facts(), { "/usr/lib/a.so.1": "bb" }, false, "changed since"],
    ["known, but others could have changed it", facts(), {}, true, "never asked"],
    ["a known system library", facts({ systemOwned: true }), {}, true, "given"],
    ["a system library that nobody knows", facts({ systemOwned: true }), {}, false, "never asked"],
    ["approved once, updated by a package", facts({ systemOwned: true }), { "/usr/lib/a.so.1": "bb" }, false, "given"],
    ["approved under the name of the link only", facts(), { "/usr/lib/a.so": "aa" }, false, "never asked"],
    ["a real path that is a name of Object's", facts({ realPath: "constructor" }), {}, false, "never asked"],
  ] as const)("%s: %s", (_case, file, approved, known, consent) => {
    expect(consentFor(file, { approved, known })).toBe(consent);
  });
});

test("the errors hold all that a person needs to decide", () => {
  for (const error of [
    consentError(facts(), "never asked"),
    consentError(facts(), "changed since"),
    wrongDigest(facts(), "bb"),
  ])
    expect(error.details).toMatchObject({
      path: "/usr/lib/a.so",
      size: 10,
      sha256: "aa",
      owner: "root",
      othersMayWrite: false,
    });
  expect(consentError(facts(), "never asked").code).toBe("MODULE_NEEDS_APPROVAL");
  expect(consentError(facts(), "changed since").code).toBe("MODULE_CHANGED");
});

test("what to do is said for the window, and apart from that for the command line", () => {
  for (const { remedy } of [consentError(facts(), "changed since"), wrongDigest(facts(), "bb")]) {
    const [window = "", commandLine] = remedy.split("command line");
    expect(window).not.toMatch(/sha256|modules\.|request/);
    expect(commandLine).toMatch(/modules\.(start|inspect)/);
  }
  expect(consentError(facts(), "changed since").remedy).toContain("press Start");
});

describe("a header that does not fit", () => {
  const binary = { format: "ELF", architectures: ["i386"], kind: "library", fitsHere: false } as const;

  test("another machine is named, and the one that is needed", () => {
    const error = headerError({ path: "/a.so", binary: { ...binary, architectures: ["i386"] } });
    expect(error).toMatchObject({ code: "MODULE_WRONG_ARCHITECTURE", message: expect.stringContaining("i386") });
  });

  test("a program, and text, are no libraries", () => {
    const program = headerError({ path: "/a", binary: { ...binary, architectures: ["i386"], kind: "program" } });
    expect(program).toMatchObject({ code: "MODULE_NOT_A_LIBRARY", message: expect.stringContaining("program") });
    const text = headerError({
      path: "/a",
      binary: { format: "unknown", architectures: [], kind: "other", fitsHere: false },
    });
    expect(text).toMatchObject({ code: "MODULE_NOT_A_LIBRARY", message: expect.stringContaining("no ELF") });
  });

  test("one that fits gives no error", () => {
    expect(headerError(facts())).toBeNull();
  });
});
