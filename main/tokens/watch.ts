import type { EventData, EventName } from "../../preload/contract/index.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { SlotRow } from "../../preload/contract/tokens.ts";
import type { HostTiming } from "../host/protocol.ts";
import type { Library } from "../pkcs11/library.ts";
import type { Login } from "../pkcs11/logins.ts";
import { slotRows } from "./slots.ts";
import { SoftHsmStore } from "./softhsm-store.ts";

type Emit = <E extends EventName>(name: E, data: EventData<E>) => void;
type Reason = EventData<"tokens.loggedOut">["reason"];

/** A look may take this part of the time at most; a reader that answers slowly is then asked less often. */
const lookShare = 1 / 20;
/** Idle logins are noticed this soon after their time, in milliseconds. */
const idleStep = 30_000;

/**
 * Looks for inserted and removed tokens between requests, and ends logins that are idle. It polls: C_WaitForSlotEvent
 * blocks, is missing from many modules, and keeps others from being called meanwhile.
 */
export class Watch {
  readonly #library: Library;
  readonly #module: string;
  readonly #emit: Emit;
  #timing: HostTiming;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #requests = 0;
  #lastLookMilliseconds = 0;
  #seen: string | null = null;
  #store: SoftHsmStore | null = null;

  constructor(library: Library, module: string, timing: HostTiming, emit: Emit) {
    this.#library = library;
    this.#module = module;
    this.#timing = timing;
    this.#emit = emit;
  }

  start(): void {
    this.#running = true;
    const { manufacturerID, libraryDescription } = this.#library.p11.C_GetInfo();
    this.#store = SoftHsmStore.of(`${manufacturerID} ${libraryDescription}`);
    this.#arm();
  }

  /** Ends the watch, and tells of the logins that end with the host. */
  stop(): void {
    this.#running = false;
    if (this.#timer) clearTimeout(this.#timer);
    for (const login of this.#library.logins.all()) this.#loggedOut(login, "host ended");
  }

  setTiming(timing: HostTiming): void {
    this.#timing = timing;
    if (this.#running) this.#arm();
  }

  /** Told that a request starts: none is disturbed by a look. @returns a function to be called when it has ended. */
  busy(input: unknown): () => void {
    const token = tokenOf(input);
    this.#requests++;
    if (token) this.#library.logins.used(token);
    return () => {
      this.#requests--;
      if (token) this.#library.logins.used(token);
    };
  }

  #arm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const poll = Math.max(this.#timing.pollSeconds * 1000, this.#lastLookMilliseconds / lookShare);
    const { idleLogoutMinutes: idle } = this.#timing;
    const wait = idle > 0 && this.#library.logins.all().length > 0 ? Math.min(poll, idleStep, idle * 60_000) : poll;
    this.#timer = setTimeout(() => this.#tick(), wait);
    // The channel to the parent keeps the host alive, not this.
    this.#timer.unref();
  }

  #tick(): void {
    if (this.#requests === 0) {
      const started = performance.now();
      this.#endIdle();
      this.#startAnew();
      this.#look();
      this.#lastLookMilliseconds = performance.now() - started;
    }
    if (this.#running) this.#arm();
  }

  #look(): void {
    let slots: SlotRow[];
    try {
      slots = slotRows(this.#library);
    } catch {
      // C_GetSlotList failed. The next request meets the same failure and tells it; the next look may do better.
      return;
    }
    this.#noticeRemovals(slots);
    const now = JSON.stringify(slots.map(lasting));
    // The first look is told as well: what changed since somebody asked at the start would be lost otherwise.
    const changed = this.#seen !== now;
    this.#seen = now;
    if (changed) this.#emit("tokens.changed", { module: this.#module, slots });
  }

  /** Initialises a module again that sees new tokens in no other way; never while somebody is logged in. */
  #startAnew(): void {
    if (!this.#store || this.#library.logins.all().length > 0) return;
    const count = () => slotRows(this.#library).filter(({ token }) => token?.initialised).length;
    if (this.#store.changedOutside(count)) this.#library.reinitialise();
  }

  /** A login is gone when its token is, or when the token came back with none. */
  #noticeRemovals(slots: SlotRow[]): void {
    for (const login of this.#library.logins.all()) {
      const token = slots.find(({ slot }) => slot === login.slotId)?.token;
      if (token && token.login !== "none" && token.serial === login.token.serial) continue;
      this.#library.logins.ended(login.slotId);
      this.#library.closeSessions(login.slotId);
      this.#loggedOut(login, "removed");
    }
  }

  #endIdle(): void {
    const { idleLogoutMinutes } = this.#timing;
    if (idleLogoutMinutes <= 0) return;
    for (const login of this.#library.logins.all()) {
      if (Date.now() - login.lastUse < idleLogoutMinutes * 60_000) continue;
      if (this.#library.logOut(login.slotId)) this.#loggedOut(login, "idle");
    }
  }

  #loggedOut({ token }: Login, reason: Reason): void {
    this.#emit("tokens.loggedOut", { module: this.#module, token, reason });
  }
}

/** What a change of is worth telling; free memory, counts and the clock change by themselves. */
const lasting = ({ token, ...slot }: SlotRow) => ({
  ...slot,
  token: token && { ...token, memory: null, sessions: null, utcTime: null },
});

/** The token that a request's input names, if it names one. */
const tokenOf = (input: unknown): TokenRef | null => {
  if (typeof input !== "object" || input === null || !("token" in input)) return null;
  return input.token as TokenRef;
};
