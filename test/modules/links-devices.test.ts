import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins } from "../harness/native.ts";
import { needsTpm, tpmInstalled, tpmToken } from "../harness/tpm.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

test("on a SmartCard-HSM class device key bytes prove nothing, and the device's own key is left alone", async () => {
  const module = await addMock(app, { objects: 0, data: 0, "smartcard-hsm": 1, pairs: 1 });
  const at = { module, token: (await firstToken(app, module)).ref };
  await app.call("tokens.login", { ...at, who: "user", pin: mockPins.user });
  const { rows } = await app.call("objects.list", at);
  const key = rows.find((row) => row.class === "privateKey" && !row.devicesOwn);
  const file = { fileName: "rsa.cert.pem", content: fixture("rsa.cert.pem") };
  await app.call("objects.import", { ...at, ...file, items: [{ index: 0, id: key?.id ?? "" }], allowDuplicate: true });
  const { groups, findings, tokenWords } = await app.call("links.examine", at);
  expect(tokenWords).toContain("Only a test signature proves");
  for (const { proof, privateKey, verdicts, repairs } of groups) {
    expect(proof).not.toBe("key bytes");
    if (privateKey?.devicesOwn) expect([...verdicts, ...repairs]).toEqual([]);
  }
  const group = groups.find(({ privateKey }) => privateKey?.handle === key?.handle)?.group ?? "";
  const { results } = await app.call("links.prove", { ...at, group });
  expect(results[0]?.fitsNot).toContainEqual(expect.objectContaining({ class: "certificate", label: "RSA leaf" }));
  const after = (await app.call("links.examine", at)).findings;
  expect(after.filter(({ group: each }) => each === group).map(({ kind }) => kind)).toContain("foreignId");
  const own = rows.filter(({ devicesOwn }) => devicesOwn).map(({ handle }) => handle);
  const about = findings.flatMap(({ objects }) => objects);
  expect(about.filter(({ handle }) => own.includes(handle ?? ""))).toEqual([]);
});

const fixture = (name: string) => readFileSync(new URL(`../fixtures/keys/${name}`, import.meta.url)).toString("base64");

test.runIf(tpmInstalled)(
  "keys of a TPM are proved, and their certificate is joined, repaired and undone",
  needsTpm,
  async () => {
    const { at, stop } = await tpmToken(app);
    try {
      const { key } = await app.call("keys.generate", {
        ...at,
        spec: { kind: "EC", curve: "P-256", preset: "tlsClient", label: "tpm key" },
      });
      const made = await app.call("certificates.selfSign", { ...at, key, subject: "CN=tpm", days: 30 });
      await app.call("objects.import", {
        ...at,
        fileName: "c.der",
        content: made.content,
        items: [{ index: 0, id: "99", label: "tpm" }],
      });
      const examine = async () => {
        const { groups } = await app.call("links.examine", at);
        const group = groups.find(({ privateKey }) => privateKey?.label === "tpm key");
        if (!group) throw new Error("no group");
        return group;
      };
      const { group } = await examine();
      const { results } = await app.call("links.prove", { ...at, group });
      expect(results).toMatchObject([{ proved: true, error: null }]);
      const proved = await examine();
      expect(proved.proof).toBe("test signature");
      expect(proved.certificates.map(({ label }) => label)).toEqual(["tpm"]);
      expect(proved.verdicts.find(({ consumer }) => consumer === "java")?.sees).toBe("no");

      const repairs = [{ group, kind: "alignId" as const }];
      const preview = await app.call("links.repairPreview", { ...at, repairs });
      expect(preview.steps).toMatchObject([{ how: "set", object: { class: "certificate", id: "99" } }]);
      const before = (await app.call("objects.list", at)).rows
        .map(({ class: name, label, id }) => `${name} ${label} ${id}`)
        .sort();
      const reply = await app.call("links.repair", { ...at, repairs, digest: preview.digest });
      expect(reply).toMatchObject({ done: [1], failed: null });
      if (reply.failed === null) {
        expect((await examine()).verdicts.find(({ consumer }) => consumer === "java")?.sees).toBe("yes");
        expect(await app.call("links.undo", { ...at, undo: reply.undo ?? "" })).toMatchObject({ failed: null });
      }
      const after = (await app.call("objects.list", at)).rows
        .map(({ class: name, label, id }) => `${name} ${label} ${id}`)
        .sort();
      expect(after).toEqual(before);
    } finally {
      stop();
    }
  },
);
