import { failure } from "./failure.ts";

/** A token, by the slot it is in; `info.label` names it in errors. */
interface TokenInSlot {
  slotId: number;
  info: { label: string };
}

/**
 * Work that a token does in another thread (key generation). A logout or C_InitToken in the middle of it would take
 * the login away under it, so those wait for the user to decide.
 */
export class UnderWay {
  readonly #work = new Map<number, string>();

  /** @returns a function to be called when the work has ended. */
  begin(token: TokenInSlot, what: string): () => void {
    this.#work.set(token.slotId, what);
    return () => this.#work.delete(token.slotId);
  }

  /** @throws Failure REFUSED while work goes on with the token */
  refuse(token: TokenInSlot, wish: string): void {
    const what = this.#work.get(token.slotId);
    if (what === undefined) return;
    throw failure("REFUSED", {
      where: `${wish}, token ${token.info.label.trim()}`,
      message: `${what} on this token right now; this would take its login away.`,
      remedy: "Wait until it has ended. Stopping the module ends it at once; then it is open whether a key was made.",
    });
  }
}
