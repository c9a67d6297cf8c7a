import type { Reply } from "../../preload/contract/errors.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { SlotRow, TokenRow } from "../../preload/contract/tokens.ts";

/**
 * Which tokens of a module have a login, as the replies and events of its token host tell. Main needs it for the one
 * moment at which the host cannot say so itself: when its process has ended.
 */
export class Logins {
  #tokens: TokenRef[] = [];

  /** @returns the tokens with a login, which are forgotten by that. */
  take(): TokenRef[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    return tokens;
  }

  noteReply(name: string, input: unknown, reply: Reply<unknown>): void {
    if (!reply.ok) return;
    if (name === "tokens.slots") this.#noteSlots((reply.value as { slots: SlotRow[] }).slots);
    // The token is another one after C_InitToken, often with another label.
    if (name === "tokens.initialise") this.#forget((input as { token: TokenRef }).token);
    if (answersWithToken.has(name)) this.#noteToken(reply.value as TokenRow);
  }

  noteEvent(name: string, data: unknown): void {
    if (name === "tokens.changed") this.#noteSlots((data as { slots: SlotRow[] }).slots);
    if (name === "tokens.loggedOut") this.#forget((data as { token: TokenRef }).token);
  }

  #noteSlots(slots: SlotRow[]): void {
    this.#tokens = slots.flatMap(({ token }) => (token && token.login !== "none" ? [token.ref] : []));
  }

  #noteToken({ ref, login }: TokenRow): void {
    this.#forget(ref);
    if (login !== "none") this.#tokens.push(ref);
  }

  #forget(gone: TokenRef): void {
    this.#tokens = this.#tokens.filter((token) => !same(token, gone));
  }
}

const answersWithToken = new Set([
  "tokens.login",
  "tokens.logout",
  "tokens.initialise",
  "tokens.setUserPin",
  "tokens.changePin",
]);

const same = (a: TokenRef, b: TokenRef): boolean =>
  a.serial === b.serial && a.label === b.label && (a.slot === undefined || b.slot === undefined || a.slot === b.slot);
