/** A call that has begun and not come back yet. */
export interface SpyCall {
  /** Its slot; -1: it belongs to another range, and is followed for its effect on others only. */
  slot: number;
  name: string;
  lane: number;
  offset: number;
  /** Another call was open at some time while this one was. */
  ambiguous: boolean;
  /** Calls that began later and have come back. */
  overtaken: number;
}

/** What "[out]" lines tell of the function that wrote them. */
const outs: [RegExp, RegExp][] = [
  [/^pSignature/, /Sign/],
  [/^p(Last)?Encrypted/, /Encrypt/],
  [/^p(Data|LastPart|Plaintext)/, /Decrypt|Recover/],
  [/^pPart/, /Decrypt/],
  [/^pCiphertext/, /Encrypt|Encapsulate/],
  [/^pDigest/, /Digest/],
  [/^pTemplate/, /GetAttributeValue/],
  [/^pInfo/, /Get(Slot|Token|Session|Mechanism)?Info/],
  [/^pSlotList/, /GetSlotList/],
  [/^pMechanismList/, /GetMechanismList/],
  [/^\*pulCount/, /List$/],
  [/^(p?ul|\*pul)ObjectCount/, /FindObjects$/],
  [/^\*phSession/, /OpenSession/],
  [/^\*ph(New)?Object/, /(Create|Copy)Object/],
  [/^(p?Random|p?Seed)/i, /Random/],
  [/^p?h(Public|Private)?Key/, /(Generate|Unwrap|Derive|capsulate)/],
  [/^pWrappedKey/, /WrapKey/],
  [/^pOperationState/, /GetOperationState/],
  [/^\*pulSize/, /GetObjectSize/],
];
/** Return codes that one group of functions has alone. */
const codes: [RegExp, RegExp][] = [
  [/^CKR_PIN_/, /PIN|Login|InitToken/],
  [/^CKR_USER_/, /Login|PIN|Logout/],
  [/^CKR_NO_EVENT/, /WaitForSlotEvent/],
  [/^CKR_SIGNATURE_/, /Verify/],
  [/^CKR_ATTRIBUTE_/, /AttributeValue|Object|Generate|Derive|Unwrap/],
];
const blocking = /^C_WaitForSlotEvent$/;

const maxOpen = 256;
/** A call that so many later ones have overtaken has lost its line: it would make all that follow ambiguous. */
const maxOvertaken = 64;

/**
 * The calls that are open at a place of the log. A "Returned" line does not say whose it is: with one call open there is
 * no doubt, with more it is assigned by what was written before it, then by age, and all of them are ambiguous.
 */
export class SpyCalls {
  readonly open: SpyCall[] = [];
  /** Calls given up, of which a line may come after all. */
  #aside: SpyCall[] = [];
  /** Told of calls that are given up: they never came back. */
  readonly #lost: (call: SpyCall) => void;

  constructor(lost: (call: SpyCall) => void) {
    this.#lost = lost;
  }

  begin(call: SpyCall): void {
    // A thread that begins a call has come back from the one before; its line was destroyed.
    if (call.lane !== 0) this.#giveUp((open) => open.lane === call.lane);
    if (this.open.length >= maxOpen) this.#giveUp((open) => open === this.open[0]);
    if (this.open.length > 0) {
      call.ambiguous = true;
      for (const open of this.open) open.ambiguous = true;
    }
    this.open.push(call);
  }

  /** A program starts: what was open belongs to one that has ended, or to another that runs beside it. */
  restart(): void {
    this.#giveUp(() => true);
  }

  /** @param out name behind the last "[out]", "" if none. @returns whose line it is; null: nobody's. */
  end(out: string, rv: string): SpyCall | null {
    if (this.open.length === 0) {
      const revived = this.#aside.pop() ?? null;
      if (revived) revived.ambiguous = true;
      return revived;
    }
    const call = this.open.length === 1 ? this.open[0] : this.#choose(out, rv);
    if (!call) return null;
    this.open.splice(this.open.indexOf(call), 1);
    for (const other of this.open) if (other.offset < call.offset) other.overtaken++;
    this.#giveUp((other) => other.overtaken > maxOvertaken && !blocking.test(other.name));
    return call;
  }

  /** True while a call that is to be counted has not come back. */
  get ownIsOpen(): boolean {
    return this.open.some(({ slot }) => slot >= 0);
  }

  #choose(out: string, rv: string): SpyCall | undefined {
    const byOut = outs.find(([pattern]) => pattern.test(out))?.[1];
    const byCode = codes.find(([pattern]) => pattern.test(rv))?.[1];
    return (
      this.open.find(({ name }) => byOut?.test(name)) ??
      this.open.find(({ name }) => byCode?.test(name)) ??
      this.open.find(({ name }) => !blocking.test(name)) ??
      this.open[0]
    );
  }

  #giveUp(which: (call: SpyCall) => boolean): void {
    for (const call of this.open.filter(which)) {
      this.open.splice(this.open.indexOf(call), 1);
      this.#aside = [...this.#aside.slice(-7), call];
      this.#lost(call);
    }
  }
}
