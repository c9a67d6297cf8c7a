import type { Ask } from "../../preload/contract/bridge.ts";
import type { App } from "../app.ts";
import type { Outbox } from "./outbox.ts";

/** @returns what a page sent, or null if it is nothing that a page may send. The request itself is checked by dispatch. */
export const parseAsk = (payload: unknown): Ask | null => {
  if (typeof payload !== "string") return null;
  try {
    const ask = JSON.parse(payload) as Partial<Ask> | null;
    if (ask?.kind === "usable" || ask?.kind === "resized") return { kind: ask.kind };
    if (ask?.kind !== "call") return null;
    const { reply, id, name, input } = ask;
    if (!Number.isSafeInteger(reply) || !Number.isSafeInteger(id) || typeof name !== "string") return null;
    return { kind: "call", reply: reply as number, id: id as number, name, input };
  } catch {
    return null;
  }
};

/** What a shell does when its page tells of itself. */
export interface PageNews {
  /** The modules are on the screen. */
  onUsable(): void;
  onResized(): void;
}

/** Carries out what the page asked for; progress and reply go out through the page's outbox, in that order. */
export const answerAsk = async (app: App, ask: Ask, outbox: Outbox, news: PageNews): Promise<void> => {
  if (ask.kind === "usable") return news.onUsable();
  if (ask.kind === "resized") return news.onResized();
  const value = await app.dispatch(ask.name, ask.input, (step) =>
    outbox.send({ kind: "progress", id: ask.id, value: step }),
  );
  outbox.send({ kind: "reply", reply: ask.reply, value });
};
