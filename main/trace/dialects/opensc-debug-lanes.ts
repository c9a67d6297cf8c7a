/** A function that was entered and has not been left. */
interface Entered {
  name: number;
  slot: number;
  time: number;
}

/** A PKCS#11 call whose messages are being read. */
interface DebugCall {
  name: number;
  slot: number;
  time: number;
  /** A message with the call's arguments has been seen: the next one like it is another call. */
  announced: boolean;
}

/** A command that waits for its answer. */
export interface DebugApdu {
  slot: number;
  offset: number;
  time: number;
  /** It asks how many tries a PIN has: the answer 63Cx is no failure. */
  isQuestion: boolean;
}

const maxDepth = 64;

/** Functions that write "called" but nothing when they return (libopensc, reader-pcsc.c, 0.12 to 0.26). */
const silent: ReadonlySet<string> = new Set([
  "pcsc_lock",
  "pcsc_unlock",
  "pcsc_internal_transmit",
  "pcsc_cancel",
  "pcsc_finish",
  "pcsc_release",
  "pcsc_disconnect",
  "pcsc_connect",
  "detect_reader_features",
  "sc_cancel",
  "sc_release_context",
  "sc_card_ctl",
  "sc_unlock",
  "sc_pkcs15_unbind",
]);

/** What is going on in one thread: functions entered, the PKCS#11 call, the command under way. */
export class DebugLane {
  call: DebugCall | null = null;
  apdu: DebugApdu | null = null;
  readonly #stack: Entered[] = [];

  get depth(): number {
    return this.#stack.length + (this.call ? 1 : 0);
  }

  /**
   * @param transmit id of sc_transmit_apdu
   * @returns the depth of the line that tells of it
   */
  enter(name: number, word: string, transmit: number, slot: number, time: number): number {
    // Most that is entered again was left without a word.
    const again = this.#stack.findIndex((entry) => entry.name === name);
    if (again >= 0) this.#stack.length = again;
    const { depth } = this;
    // sc_transmit_apdu unlocks the card as the last thing it does, and leaves in silence.
    if (word === "sc_unlock" && this.#stack[this.#stack.length - 1]?.name === transmit) this.#stack.length--;
    if (!silent.has(word) && this.#stack.length < maxDepth) this.#stack.push({ name, slot, time });
    return depth;
  }

  /** @returns the entry that is left; null if it is not known where it was entered. */
  leave(name: number): Entered | null {
    let at = this.#stack.length - 1;
    while (at >= 0 && this.#stack[at]?.name !== name) at--;
    if (at < 0) return null;
    const entry = this.#stack[at] ?? null;
    this.#stack.length = at;
    return entry;
  }

  /** A PKCS#11 call begins: nothing of the one before goes on. */
  begin(call: DebugCall): void {
    this.#stack.length = 0;
    this.call = call;
    this.apdu = null;
  }

  end(): void {
    this.#stack.length = 0;
    this.call = null;
  }
}
