import { randomBytes, randomInt, X509Certificate } from "node:crypto";
import type { KeySpec } from "../../preload/contract/keys.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { Ask } from "./asking.ts";
import { refOf } from "./asking.ts";
import type { Report } from "./report.ts";
import { objectTable } from "./table.ts";

export interface Address {
  module: string;
  token: TokenRef;
}

const module = "demo";
const text = (value: string) => Buffer.from(value, "utf8");

/** Random digits: these PINs guard nothing but a token that is removed again, and live in this process only. */
const randomPin = (): string => String(randomInt(10_000_000, 100_000_000));

/** Initialises the free slot of the embedded store, never a token that is in use, and logs the user in. */
export const prepareToken = async (ask: Ask, report: Report, onToken: (address: Address) => void): Promise<Address> => {
  const free = await report.step("Free slot of the embedded SoftHSM", async (note) => {
    const { slots } = await ask("tokens.slots", { module });
    const slot = slots.find(({ token }) => token && !token.initialised);
    if (!slot?.token) throw new Error("The embedded SoftHSM shows no uninitialised token; nothing was changed.");
    note(`slot ${slot.slot} of ${slots.length}`);
    return slot.token.ref;
  });
  const [soPin, newPin] = [randomPin(), randomPin()];
  const label = `Demo run ${randomBytes(3).toString("hex")}`;
  const token = await report.step("Initialise a token (C_InitToken)", async (note) => {
    const { ref } = await ask("tokens.initialise", { module, token: free, label, soPin });
    onToken({ module, token: ref });
    note(`"${ref.label}", serial ${ref.serial}`);
    return ref;
  });
  const address = { module, token };
  await report.step("Set the user PIN (C_InitPIN)", () => ask("tokens.setUserPin", { ...address, soPin, newPin }));
  await report.step("Log in as user", async (note) => {
    const { login } = await ask("tokens.login", { ...address, who: "user", pin: newPin });
    note(`logged in: ${login}`);
  });
  return address;
};

const generate = (ask: Ask, report: Report, address: Address, title: string, spec: KeySpec): Promise<ObjectRow> =>
  report.step(`Generate ${title}`, async (note) => {
    const { key, test, testNote } = await ask("keys.generate", { ...address, spec });
    if (!test?.verified) throw new Error(`The test signature of ${title} was not verified: ${testNote}`);
    note(`test signature ${test.mechanism} verified`);
    return key;
  });

/** Two key pairs, a self-made certificate and a data object. @returns the certificate. */
const fill = async (ask: Ask, report: Report, address: Address): Promise<ObjectRow> => {
  const { kinds } = await ask("keys.offer", address);
  const curve = kinds.find(({ kind }) => kind === "EC")?.curves.find((name) => /^(P-256|prime256v1)$/.test(name));
  if (!curve) throw new Error("The token offers no P-256.");
  const common = { preset: "sign" as const, sensitive: true, extractable: false };
  const defaults = { ...common, alwaysAuthenticate: false, allowDuplicate: false };
  await generate(ask, report, address, "an RSA-2048 key pair", {
    ...defaults,
    kind: "RSA",
    size: 2048,
    label: "demo RSA",
  });
  const ec = await generate(ask, report, address, "an EC P-256 key pair", {
    ...defaults,
    kind: "EC",
    curve,
    label: "demo EC",
  });
  const certificate = await report.step("Self-signed certificate, written", async (note) => {
    const subject = "CN=Tokenglass demo,O=Example";
    const { content } = await ask("certificates.selfSign", { ...address, key: refOf(ec), subject, days: 30 });
    const fileName = "demo.crt";
    const { written } = await ask("objects.import", { ...address, fileName, content, items: [{ index: 0 }] });
    const object = written[0]?.object;
    if (!object) throw new Error("No certificate was written.");
    if (object.id !== ec.id) throw new Error(`The certificate has CKA_ID ${object.id}, its key ${ec.id}.`);
    note("has its key's CKA_ID, read back");
    return object;
  });
  await report.step("Data object, written", async (note) => {
    const content = text("Hello from Tokenglass\n").toString("base64");
    const { compared } = await ask("objects.writeData", {
      ...address,
      label: "demo note",
      application: "demo",
      content,
    });
    note(`${compared.length} attributes compared`);
  });
  return certificate;
};

/** What a person does with a token for the first time: fill it, look, rename, read out, delete. */
export const mainJob = async (ask: Ask, report: Report, address: Address): Promise<void> => {
  const certificate = await fill(ask, report, address);
  const { rows, milliseconds } = await ask("objects.list", address);
  report.line();
  for (const line of objectTable(rows)) report.line(`    ${line}`);
  report.line(`    ${rows.length} objects, listed in ${milliseconds.toFixed(0)} ms\n`);
  await report.step("Attributes of the certificate", async (note) => {
    const { attributes } = await ask("objects.attributes", { ...address, object: refOf(certificate) });
    note(`${attributes.filter(({ rv }) => rv === null).length} of ${attributes.length} readable`);
  });
  const renamed = await report.step("Rename the certificate", async (note) => {
    const changes = [{ attribute: "CKA_LABEL", hex: text("renamed certificate").toString("hex") }];
    const { object } = await ask("objects.set", { ...address, object: refOf(certificate), changes });
    note(`"${object.label}"`);
    return object;
  });
  await report.step("Read the certificate out as PEM", async (note) => {
    const { content } = await ask("objects.read", { ...address, object: refOf(renamed), format: "pem" });
    const read = new X509Certificate(Buffer.from(content, "base64"));
    if (!read.verify(read.publicKey)) throw new Error("The certificate's signature is not its key's.");
    note("its signature verifies in software");
  });
  await report.step("Delete the certificate", async (note) => {
    note(`${await deleteObjects(ask, address, [renamed])} deleted`);
  });
};

/** Deletes objects after reading them again. @returns how many. */
export const deleteObjects = async (ask: Ask, address: Address, rows: ObjectRow[]): Promise<number> => {
  if (rows.length === 0) return 0;
  const objects = rows.map(refOf);
  const { confirmation } = await ask("objects.deletePreview", { ...address, objects });
  const { deleted, failed } = await ask("objects.delete", {
    ...address,
    objects,
    ...(confirmation === null ? {} : { confirmation }),
  });
  if (failed) throw new Error(failed.error.message);
  return deleted.length;
};
