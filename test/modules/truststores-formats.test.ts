import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StoreFormat, storeFormats } from "../../preload/contract/truststores.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { certificateOf, entryOf, fingerprint, publicKeyOf } from "../harness/trust-certificates.ts";

const password = "store-canary-5521";
const holdsKeys = new Set<StoreFormat>(["sshPublicKeys", "sshAuthorizedKeys"]);
const withPassword = new Set<StoreFormat>(["pkcs12", "jks"]);
const folder = mkdtempSync(join(tmpdir(), "truststores-"));

const certificates = Array.from({ length: 200 }, (_, i) => certificateOf(`Example CA ${i}`));
const keys = Array.from({ length: 200 }, publicKeyOf);
const odd = {
  nonAscii: certificateOf("Zertifizierungsstelle Größe 中文 😀"),
  long: certificateOf("L".repeat(1000)),
  expired: certificateOf("Expired CA", { days: -10 }),
  same: [certificateOf("Same Subject CA"), certificateOf("Same Subject CA"), certificateOf("Same Subject CA")],
};

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const target = (format: StoreFormat, name: string) => ({
  format,
  path: join(folder, `${format}-${name}`),
  ...(withPassword.has(format) ? { password } : {}),
});

type Written = Awaited<ReturnType<typeof write>>;
const write = (where: ReturnType<typeof target>, entries: ReturnType<typeof entryOf>[], mode: "new" | "add" = "new") =>
  app.call("truststores.write", { ...where, entries, mode });

/** Every reader that is here sees exactly these, by fingerprint. */
const expectSeen = (written: Written, ders: readonly Buffer[]) => {
  const prints = ders.map(fingerprint).sort();
  const verdicts = written.views.map(({ reader, verdict, words }) => `${reader}: ${verdict} ${words}`);
  expect(written.outcome, verdicts.join("\n")).toBe("written");
  for (const { reader, verdict, entries } of written.views.filter((view) => view.verdict !== "notInstalled")) {
    expect(verdict, verdicts.join("\n")).toBe("seen");
    expect(new Set(entries.filter(({ trusted }) => trusted).map(({ sha256 }) => sha256)), reader).toEqual(
      new Set(prints),
    );
  }
};

const ofFormat = (format: StoreFormat, count: number) =>
  holdsKeys.has(format) ? keys.slice(0, count) : certificates.slice(0, count);
const kindOf = (format: StoreFormat) => (holdsKeys.has(format) ? "publicKey" : "certificate");

/** For a kind of store to which a statement does not apply. */
const noTest = (_name: string, _run: () => Promise<void>): void => {};

describe.each(storeFormats)("%s", (format) => {
  const counts = format === "der" ? [1] : [1, 3, 200];

  test.each(counts)("%i: written, and seen by each of its readers", async (count) => {
    const ders = ofFormat(format, count);
    const entries = ders.map((der, i) => entryOf(`ca ${i}`, der, kindOf(format)));
    expectSeen(await write(target(format, `${count}`), entries), ders);
  });

  // A DER file is one certificate: there is nothing to add to.
  const forMany = format === "der" ? noTest : test;
  forMany("adding and removing keeps the others; a copy is kept", async () => {
    const where = target(format, "change");
    const [one, two, three] = ofFormat(format, 3) as [Buffer, Buffer, Buffer];
    const kind = kindOf(format);
    await write(where, [entryOf("one", one, kind), entryOf("two", two, kind)]);
    // The same name once more: another entry, not in place of the first.
    const added = await write(where, [entryOf("one", three, kind)], "add");
    expectSeen(added, [one, two, three]);
    expect(added.copy).not.toBeNull();
    const removed = await app.call("truststores.remove", { ...where, sha256: [fingerprint(one)] });
    expectSeen(removed, [two, three]);
    expect(removed.copy).not.toBe(added.copy);
  });

  const forNames = holdsKeys.has(format) ? noTest : forMany;
  forNames(
    "odd names, three with one subject and an expired one are written and seen; one of the three is removed",
    async () => {
      const where = target(format, "odd");
      const { nonAscii, long, expired, same } = odd;
      const all = [nonAscii, long, expired, ...same];
      const aliases = ["Größe 中文 😀", "L".repeat(1000), "old, comma\nline", "same", "same", "SAME"];
      expectSeen(
        await write(
          where,
          all.map((der, i) => entryOf(aliases[i] ?? "", der)),
        ),
        all,
      );
      const [, second] = same as [Buffer, Buffer, Buffer];
      const removed = await app.call("truststores.remove", { ...where, sha256: [fingerprint(second)] });
      expectSeen(
        removed,
        all.filter((der) => der !== second),
      );
    },
  );
});
