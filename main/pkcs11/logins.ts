import type { TokenRef } from "../../preload/contract/shared.ts";

/** A login that the user asked for and has not ended. */
export interface Login {
  slotId: number;
  token: TokenRef;
  /** Milliseconds of {@link Date.now} when a request to this token was last under way. */
  lastUse: number;
}

/**
 * The logins of one module that should be standing. What C_GetSessionInfo says may be less: then a token was
 * removed or reset, and the user is told.
 */
export class Logins {
  readonly #bySlot = new Map<number, Login>();

  began(slotId: number, token: TokenRef): void {
    this.#bySlot.set(slotId, { slotId, token, lastUse: Date.now() });
  }

  ended(slotId: number): void {
    this.#bySlot.delete(slotId);
  }

  all(): Login[] {
    return [...this.#bySlot.values()];
  }

  /** Notes that a request names this token, which puts off its logout on idle time. */
  used({ serial, label }: { serial: string; label: string }): void {
    for (const login of this.#bySlot.values())
      if (login.token.serial === serial && login.token.label === label) login.lastUse = Date.now();
  }
}
