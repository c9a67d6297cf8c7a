import type { Ask } from "../../preload/contract/bridge.ts";
import type { App } from "../app.ts";
import type { Outbox } from "./outbox.ts";

/** @returns what a page sent, or null if it is nothing that a page may send. The request itself is checked by dispatch. */
export const parseAsk = (payload: unknown): Ask | null => {
  if (typeof payload !== "string") return null;
  try {
    const ask = JSON.parse(payload) as Partial<Ask> | null;
    if (ask?.kind === "usable") return { kind: "usable" };
    if (ask?.kind !== "call") return null;
    const { reply, id, name, input } = ask;
    if (!Number.isSafeInteger(reply) || !Number.isSafeInteger(id) || typeof name !== "string") return null;
    return { kind: "call", reply: reply as number, id: id as number, name, input };
  } catch {
    return null;
  }
};

/** Carries out what the page asked for; progress and reply go out through the page's outbox, in that order. */
export const answerAsk = async (app: App, ask: Ask, outbox: Outbox, onUsable: () => void): Promise<void> => {
  if (ask.kind === "usable") return onUsable();
  const value = await app.dispatch(ask.name, ask.input, (step) =>
    outbox.send({ kind: "progress", id: ask.id, value: step }),
  );
  outbox.send({ kind: "reply", reply: ask.reply, value });
};
