import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detectDialect, dialects } from "./all.ts";
import { faultIn, mutate, randomFrom } from "./fuzz-for-test.ts";

const fixtures = new URL("../../../test/fixtures/", import.meta.url).pathname;
const kept = join(fixtures, "fuzz");

/** `npm run fuzz` gives minutes; without, a few seconds. */
const minutes = Number(process.env.TOKENGLASS_FUZZ_MINUTES ?? "0");
const seconds = minutes > 0 ? (minutes * 60) / dialects.length : 2;
const firstSeed = Number(process.env.TOKENGLASS_FUZZ_SEED ?? "1");

const logs = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(log|jsonl)$/.test(name))
  .map((name) => readFileSync(join(fixtures, name)));
const failures = (() => {
  try {
    return readdirSync(kept).map((name) => ({ name, bytes: readFileSync(join(kept, name)) }));
  } catch {
    return [];
  }
})();

describe.each(dialects.map((dialect) => ({ name: dialect.name, dialect })))("$name", ({ name, dialect }) => {
  const seeds = logs.filter((log) => detectDialect(log.subarray(0, 65536))?.dialect === dialect);

  it("has logs to start from", () => {
    expect(seeds.length).toBeGreaterThan(0);
  });

  it("reads what once was read wrongly", () => {
    for (const { name: file, bytes } of failures)
      expect({ file, fault: faultIn(dialect, bytes) }).toEqual({ file, fault: "" });
  });

  it(
    "reads damaged logs without a crash or a hang, alike in pieces, and masks in order",
    () => {
      const end = Date.now() + seconds * 1000;
      const before = process.memoryUsage().rss;
      let count = 0;
      for (let seed = firstSeed; Date.now() < end; seed++, count++) {
        const log = mutate(seeds, randomFrom(seed));
        const fault = faultIn(dialect, log);
        if (fault) {
          mkdirSync(kept, { recursive: true });
          const file = join(kept, `${name}-${createHash("sha256").update(log).digest("hex").slice(0, 12)}.bin`);
          writeFileSync(file, log);
          expect.fail(`seed ${seed}, kept as ${file}: ${fault}`);
        }
      }
      if (minutes > 0) console.log(`${name}: ${count} logs in ${Math.round(seconds)} s`);
      expect(process.memoryUsage().rss - before).toBeLessThan(800 * 1024 * 1024);
    },
    seconds * 1000 + 60_000,
  );
});
