import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { initialisedToken, openTestApp, type TestApp } from "../harness/app.ts";
import { type OpensslCa, opensslCa } from "../harness/openssl-ca.ts";

let app: TestApp;
let ca: OpensslCa;
let at: Awaited<ReturnType<typeof initialisedToken>>;
let publicKey: string;
let onToken: string;
let folder: string;
beforeAll(async () => {
  app = await openTestApp();
  ca = opensslCa();
  at = await initialisedToken(app, "Expiry");
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "web" } as const;
  const { id } = await app.call("keys.generate", { ...at, spec });
  const object = { class: "publicKey", label: "web", id } as const;
  publicKey = (await app.call("objects.read", { ...at, object, format: "pem" })).text ?? "";
  onToken = ca.issue(publicKey, "/CN=on the token", 20);
  const reply = { ...at, fileName: "reply.pem", content: Buffer.from(onToken).toString("base64") };
  await app.call("certificates.replyWrite", { ...reply, certificates: [{ index: 0 }] });
  folder = join(app.dataFolder, "watched");
  await mkdir(join(folder, "deeper"), { recursive: true });
  await writeFile(join(folder, "copy.crt"), onToken);
  await writeFile(join(folder, "deeper", "short.pem"), ca.issue(publicKey, "/CN=short", 3));
  await writeFile(join(folder, "private.pem"), ca.openssl(["genpkey", "-algorithm", "ED25519"]));
  await writeFile(join(folder, "damaged.cer"), "-----BEGIN CERTIFICATE-----\nMIIB\n");
  await writeFile(join(folder, "notes.txt"), "no certificate");
});
afterAll(async () => {
  ca.close();
  await app.close();
});

test("certificates on tokens and in watched folders are one list by their end; one at two places is one entry", async () => {
  expect((await app.call("expiry.overview", {})).entries.map(({ subject }) => subject)).toEqual(["CN=on the token"]);
  const { source } = await app.call("expiry.watch", { path: folder });
  expect(source).toMatchObject({
    kind: "folder",
    certificates: 2,
    problems: [{ where: expect.stringContaining("damaged.cer") }],
  });
  const { entries, sources, warningDays } = await app.call("expiry.overview", {});
  expect(warningDays).toEqual([30, 7]);
  expect(entries.map(({ subject, severity, daysLeft }) => [subject, severity, daysLeft])).toEqual([
    ["CN=short", "urgent", 2],
    ["CN=on the token", "soon", 19],
  ]);
  expect(entries[1]?.places.map(({ kind }) => kind)).toEqual(["token", "file"]);
  expect(sources.map(({ kind, certificates }) => [kind, certificates])).toEqual([
    ["token", 1],
    ["folder", 2],
  ]);
});

test("other warning days change what is soon", async () => {
  await app.call("app.setSettings", { expiryWarningDays: [90, 60] });
  const { entries } = await app.call("expiry.overview", {});
  expect(entries.map(({ severity }) => severity)).toEqual(["urgent", "urgent"]);
  await app.call("app.setSettings", { expiryWarningDays: [1] });
  expect((await app.call("expiry.overview", {})).entries.map(({ severity }) => severity)).toEqual(["valid", "valid"]);
  await app.call("app.setSettings", { expiryWarningDays: [30, 7] });
});

test("the calendar has an event for each, at the very second at which OpenSSL sees it end", async () => {
  const { text, count, fileName } = await app.call("expiry.calendar", {});
  expect([count, fileName.endsWith(".ics")]).toEqual([2, true]);
  const dates = [...text.matchAll(/^DTSTART:(.*)\r$/gm)].map(([, date]) => date);
  const end = ca.openssl(["x509", "-noout", "-enddate", "-dateopt", "iso_8601"], onToken).toString();
  const written = end
    .replace(/^notAfter=/, "")
    .trim()
    .replace(/[-:]/g, "")
    .replace(" ", "T");
  expect(dates[1]).toBe(written);
  expect(text.match(/BEGIN:VALARM/g)).toHaveLength(4);
});

test("a path that is not there, and a file without a certificate, are refused with the reason", async () => {
  expect(await app.fails("expiry.watch", { path: join(folder, "none.pem") })).toMatchObject({ code: "FILE_FAILED" });
  expect(await app.fails("expiry.watch", { path: join(folder, "damaged.cer") })).toMatchObject({ code: "BAD_FILE" });
  expect(await app.fails("expiry.watch", { path: "relative.pem" })).toMatchObject({ code: "FILE_FAILED" });
  expect((await app.call("app.settings", {})).expiryWatched).toEqual([folder]);
});

test("a folder that has gone is told, and can be taken out of the list", async () => {
  const gone = join(app.dataFolder, "gone.pem");
  await writeFile(gone, onToken);
  await app.call("expiry.watch", { path: gone });
  await rm(gone);
  const { sources } = await app.call("expiry.overview", {});
  expect(sources.at(-1)).toMatchObject({
    name: gone,
    problems: [{ code: "FILE_FAILED", message: "It is not there any more." }],
  });
  expect(await app.call("expiry.unwatch", { path: gone })).toEqual({ watched: [folder] });
});
