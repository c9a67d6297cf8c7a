import type { Reply } from "../../preload/contract/errors.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { SlotRow } from "../../preload/contract/tokens.ts";

/**
 * The tokens of a module as its token host told them last. Main asks no token for them: this is for what is said about
 * tokens (commands of other programs), not for what is done to them.
 */
export class SeenTokens {
  #refs: TokenRef[] | null = null;

  /** Every token, each with its slot; null while that is not known. */
  get refs(): readonly TokenRef[] | null {
    return this.#refs;
  }

  noteReply(name: string, reply: Reply<unknown>): void {
    // Label and often slot are others now, whether or not it succeeded; the host's watch tells them soon.
    if (name === "tokens.initialise") this.forget();
    else if (name === "tokens.slots" && reply.ok) this.#note((reply.value as { slots: SlotRow[] }).slots);
  }

  noteEvent(name: string, data: unknown): void {
    if (name === "tokens.changed") this.#note((data as { slots: SlotRow[] }).slots);
  }

  forget(): void {
    this.#refs = null;
  }

  #note(slots: SlotRow[]): void {
    // What is in a slot that cannot be read may have any label: then nothing is known to be the only one.
    this.#refs = slots.some(({ error }) => error !== null) ? null : slots.flatMap(({ token }) => token?.ref ?? []);
  }
}
