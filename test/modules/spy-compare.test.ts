import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram, buildSanitized } from "../../build/native.mjs";
import { leaksBelow } from "../harness/leaks.ts";
import { nativeLibrary } from "../harness/native.ts";
import { openSpyFolder, type SpyFolder } from "../harness/spy.ts";

let spied: SpyFolder;
const recorder = nativeLibrary("recorder");

beforeAll(() => {
  spied = openSpyFolder();
});
afterAll(() => spied.remove());

/** What the compare program calls secret: in PINs, plain texts, secret attributes, passwords in parameters, random numbers. */
const canary = () => `canary-${randomBytes(9).toString("hex")}`;

for (const level of ["0", "1", "2"])
  test(`every function of 2.40, 3.0 and 3.2 does the same with the spy, and level ${level} shows no secret`, async () => {
    spied.clear();
    const secret = canary();
    const { stdout, stderr, status } = spied.run(buildProgram("compare"), [spied.spy, recorder, secret], {
      TOKENGLASS_SPY_MODULE: recorder,
      TOKENGLASS_SPY_LEVEL: level,
      // All in one file, so that all of it can be searched.
      TOKENGLASS_SPY_MOST: "4096",
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^[1-9]\d{4,} compared, 0 different\n$/);
    expect(status).toBe(0);
    expect(spied.files()).toHaveLength(1);
    expect((await leaksBelow(spied.traces, { secret })).found).toEqual([]);
    // What a level does show is there, so the search has searched something: a signature, then a cipher text.
    const plain = Buffer.from("ABCDEFGH").toString("hex");
    const shown = spied
      .lines()
      .filter(({ f, o }) => JSON.stringify(o ?? {}).includes(plain) && (f === "C_Sign" || f === "C_Encrypt"));
    const functions = [...new Set(shown.map(({ f }) => f))].sort();
    expect(functions).toEqual({ "0": [], "1": ["C_Sign"], "2": ["C_Encrypt", "C_Sign"] }[level]);
  });

test("the same, with address and undefined-behaviour sanitizers: nothing is read or written that should not be", () => {
  spied.clear();
  const module = buildSanitized("recorder", "address");
  const spy = buildSanitized("tokenglass-spy", "address");
  const program = buildProgram("compare", { sanitize: "address" });
  const ran = spied.run(program, [spy, module, canary()], {
    TOKENGLASS_SPY_MODULE: module,
    TOKENGLASS_SPY_LEVEL: "2",
    TOKENGLASS_SPY_MOST: "4096",
    // Libraries stay loaded on purpose.
    ASAN_OPTIONS: "detect_leaks=0",
  });
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toMatch(/ 0 different\n$/);
});

test("calls name the list that they came through, and an interface of the vendor's own is left as it is", () => {
  const lines = spied.lines();
  const notes = lines.filter(({ k }) => k === "note").map(({ text }) => text);
  expect(notes).toEqual(["Calls through this interface are not recorded: Vendor X"]);
  expect([...new Set(lines.filter(({ s }) => s !== undefined).map(({ v }) => v ?? "2.40"))].sort()).toEqual([
    "2.40",
    "3.0",
    "3.2",
  ]);
  const functions = new Set(lines.map(({ f }) => f));
  expect([...functions].filter((name) => name?.startsWith("C_"))).toHaveLength(104);
});
