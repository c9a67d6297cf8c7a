import type { Input, Output, RequestName } from "../../preload/contract/index.ts";

/** One way of asking the app: a dispatch, the command line, the window. */
export interface Asker {
  /** @param secrets the request's secret fields. @param login the user PIN, if the request needs a login. */
  ask<N extends RequestName>(
    name: N,
    input: Partial<Input<N>>,
    secrets?: Record<string, string>,
    login?: string,
  ): Promise<Output<N>>;
}

/**
 * The main job on the embedded token, asked for in one way or another: initialise, user PIN, key pair, certificate,
 * data object, listing, reading out, deleting.
 * @returns what must be the same whichever way it went: no handles, times, random bytes or serial numbers.
 */
export const mainJob = async ({ ask }: Asker, pins: { so: string; user: string }) => {
  const module = "demo";
  const { slots } = await ask("tokens.slots", { module });
  const free = slots.find(({ token }) => token && !token.initialised)?.token;
  if (!free) throw new Error("SoftHSM shows no free slot");
  const fresh = await ask("tokens.initialise", { module, token: free.ref, label: "Main job" }, { soPin: pins.so });
  const token = fresh.ref;
  const ready = await ask("tokens.setUserPin", { module, token }, { soPin: pins.so, newPin: pins.user });
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "Ada" } as const;
  const made = await ask("keys.generate", { module, token, spec }, {}, pins.user);
  const key = { class: "privateKey", label: "Ada", id: made.id } as const;
  const { content, subject } = await ask(
    "certificates.selfSign",
    { module, token, key, subject: "CN=Ada,O=Example", days: 30 },
    {},
    pins.user,
  );
  const imported = await ask(
    "objects.import",
    { module, token, fileName: "ada.der", content, items: [{ index: 0 }] },
    {},
    pins.user,
  );
  await ask(
    "objects.writeData",
    { module, token, label: "Note", content: Buffer.from("for the main job").toString("base64") },
    {},
    pins.user,
  );
  const listed = await ask("objects.list", { module, token }, {}, pins.user);
  const read = await ask(
    "objects.read",
    { module, token, object: { class: "data", label: "Note", id: "" }, format: "raw" },
    {},
    pins.user,
  );
  const remove = { class: "certificate", label: imported.written[0]?.object.label ?? "", id: made.id } as const;
  const deleted = await ask("objects.delete", { module, token, objects: [remove] }, {}, pins.user);
  const after = await ask("objects.list", { module, token }, {}, pins.user);
  return {
    token: { label: ready.label, userPin: ready.userPin, initialised: ready.initialised },
    verified: made.test?.verified,
    subject,
    certificateTookIdOfKey: imported.written[0]?.object.id === made.id,
    objects: listed.rows
      .map((row) => ({ class: row.class, label: row.label, keyType: row.keyType, size: row.size, flags: row.flags }))
      .sort((a, b) => a.class.localeCompare(b.class)),
    note: Buffer.from(read.content, "base64").toString(),
    deleted: deleted.deleted.map((object) => object.class),
    left: after.count,
  };
};
