import type { Handle, PKCS11, TokenInfo } from "pkcs11js";
import pkcs11js from "pkcs11js";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { ModuleInfo } from "../host/protocol.ts";
import { addOnIfBuilt } from "./add-on.ts";
import { failure, returnValueOf, toErrorData } from "./failure.ts";
import { handleFrom, handleNumber } from "./handles.ts";
import { Logins } from "./logins.ts";
import { PinCalls } from "./pin-calls.ts";
import { showPadded } from "./text.ts";
import { UnderWay } from "./under-way.ts";

/** A token that was found for a reference, with the slot it is in now. */
export interface FoundToken {
  slot: Handle;
  slotId: number;
  /** As C_GetTokenInfo gave it just now: flags are never older than the request. */
  info: TokenInfo;
}

/**
 * One loaded and initialised PKCS#11 module. Lives in a token host only; a call that does not come back or that
 * faults ends that process, never the app.
 */
export class Library {
  readonly p11: PKCS11;
  /** Work in another thread that must keep its login. */
  readonly underWay = new UnderWay();
  readonly #sessions = new Map<number, { handle: Handle; readWrite: boolean }>();
  /** Every call with a PIN in it. */
  readonly pins: PinCalls;
  readonly logins = new Logins();
  readonly #announce: (name: string) => void;
  /** Name that calls are announced by while {@link asOne} runs. */
  #together: string | null = null;
  #initString: string | null = null;
  /** False for a module that must not be called from two threads at once: then nothing is run beside other requests. */
  threads = true;

  /** @param entering told the name of each PKCS#11 function before it is entered (once for a run of the same one). */
  constructor(entering: (name: string) => void) {
    const announce = whenNew(entering);
    this.#announce = (name) => announce(this.#together ?? name);
    this.p11 = tracked(new pkcs11js.PKCS11(), this.#announce);
    this.pins = new PinCalls(this.p11, this.#announce);
  }

  /**
   * Loads the library and calls C_Initialize with CKF_OS_LOCKING_OK, since key generation runs in a second thread.
   * @throws Error with the loader's text, or Pkcs11Error
   */
  open(path: string, initString: string | null): ModuleInfo {
    this.#announce(loading);
    // pkcs11js does both at once; where the library can be opened before, a crash is told apart.
    if (addOnIfBuilt()?.openFirst(path)) this.#announce("C_GetFunctionList");
    this.p11.load(path);
    this.pins.path = path;
    this.#initString = initString;
    try {
      this.#initialise(initString);
    } catch (thrown) {
      // A module that was initialised in this process by its own constructor is fine.
      if (!String(thrown).includes("CKR_CRYPTOKI_ALREADY_INITIALIZED")) throw thrown;
    }
    const info = this.p11.C_GetInfo();
    return {
      cryptokiVersion: `${info.cryptokiVersion.major}.${info.cryptokiVersion.minor}`,
      manufacturer: showPadded(info.manufacturerID),
      description: showPadded(info.libraryDescription),
      libraryVersion: `${info.libraryVersion.major}.${info.libraryVersion.minor}`,
    };
  }

  /**
   * Runs calls that belong together and announces them by one name: a message for each costs as much as a signature.
   * @param name what a crash or a hang is then told to be in, e.g. "C_SignInit and C_Sign"
   */
  asOne<T>(name: string, calls: () => T): T {
    this.#together = name;
    try {
      return calls();
    } finally {
      this.#together = null;
    }
  }

  /**
   * C_Finalize and C_Initialize: some modules look for tokens only then (OpenSC/OpenSC#3241, Yubico/yubico-piv-tool#41).
   * Sessions, handles and logins end; slots may get other numbers.
   */
  reinitialise(): void {
    for (const [slotId, session] of this.#sessions) this.#endSessions(slotId, session);
    this.#sessions.clear();
    this.p11.C_Finalize();
    this.#initialise(this.#initString);
  }

  #initialise(initString: string | null): void {
    const flags = pkcs11js.CKF_OS_LOCKING_OK;
    if (initString !== null) {
      // pkcs11js leaves the last character out; a blank at the end costs nothing.
      this.p11.C_Initialize({ flags, libraryParameters: `${initString} ` });
      return;
    }
    try {
      this.p11.C_Initialize({ flags });
    } catch (thrown) {
      // Modules without threads of their own refuse the flag (CKR_CANT_LOCK); then calls go one at a time.
      if (!String(thrown).includes("CKR_CANT_LOCK")) throw thrown;
      this.threads = false;
      this.p11.C_Initialize();
    }
  }

  /** Logs out, closes every session, and finalises. Errors are of no more use here. */
  close(): void {
    for (const [slotId, session] of this.#sessions) this.#endSessions(slotId, session);
    this.#sessions.clear();
    try {
      this.p11.C_Finalize();
    } catch {}
  }

  /** All slot ids, empty ones included; the size question first, which makes modules look for changes. */
  slotHandles(): Handle[] {
    for (let tries = 1; ; tries++) {
      try {
        return this.p11.C_GetSlotList(false);
      } catch (thrown) {
        // A reader came between the question for the size and the list itself: ask for both again.
        if (tries === 4 || returnValueOf(thrown) !== "CKR_BUFFER_TOO_SMALL") throw thrown;
      }
    }
  }

  /**
   * Finds the token that a reference means, by serial and label, in whatever slot it is now.
   * @throws Failure TOKEN_GONE, TOKEN_AMBIGUOUS
   */
  findToken(ref: TokenRef): FoundToken {
    const present = this.#presentTokens(ref);
    const exact = present.filter(({ info }) => showPadded(info.label) === ref.label);
    // OpenSC adds " (UserPIN)" to a label or not, depending on its version (OpenSC/OpenSC#3188).
    const fitting =
      exact.length > 0 ? exact : present.filter(({ info }) => withoutPinName(info.label) === withoutPinName(ref.label));
    const where = `token ${ref.label || "without label"} (serial ${ref.serial || "none"})`;
    const hinted = fitting.find((token) => token.slotId === ref.slot);
    const [only, second] = fitting;
    if (fitting.length === 1 && only) return only;
    if (hinted) return hinted;
    if (second)
      throw failure("TOKEN_AMBIGUOUS", {
        where,
        message: `${fitting.length} tokens have this serial and label.`,
        remedy: "Name the slot as well, or remove one of them.",
      });
    throw failure("TOKEN_GONE", {
      where,
      message: "The token is no longer there.",
      remedy:
        "Insert it again, or choose another token. If it was initialised by another program, its label may be new.",
    });
  }

  /**
   * The tokens with a reference's serial. One without serial and label, such as SoftHSM's free slot, has only its
   * slot to be known by: a hint given is then binding. A slot that cannot be read hides no other.
   */
  #presentTokens(ref: TokenRef): FoundToken[] {
    const nameless = ref.serial === "" && ref.label === "";
    const present: FoundToken[] = [];
    let unreadable: unknown = null;
    for (const slot of this.slotHandles()) {
      const slotId = Number(handleNumber(slot));
      if (nameless && ref.slot !== undefined && slotId !== ref.slot) continue;
      try {
        const info = this.tokenInfo(slot);
        if (info && showPadded(info.serialNumber) === ref.serial) present.push({ slot, slotId, info });
      } catch (thrown) {
        if (slotId === ref.slot) unreadable = thrown;
      }
    }
    if (unreadable !== null && present.length === 0) throw unreadable;
    return present;
  }

  /** @returns null for an empty slot. Other errors are thrown. */
  tokenInfo(slot: Handle): TokenInfo | null {
    try {
      return this.p11.C_GetTokenInfo(slot);
    } catch (thrown) {
      const { rv } = toErrorData(thrown, "C_GetTokenInfo");
      if (rv === "CKR_TOKEN_NOT_PRESENT" || rv === "CKR_TOKEN_NOT_RECOGNIZED" || rv === "CKR_SLOT_ID_INVALID")
        return null;
      throw thrown;
    }
  }

  /** @returns what is in a slot now, or null if it is empty or cannot be read. */
  readToken(slot: Handle): FoundToken | null {
    try {
      const info = this.tokenInfo(slot);
      return info && { slot, slotId: Number(handleNumber(slot)), info };
    } catch {
      return null;
    }
  }

  /**
   * The session that requests on a token share: read/write where the token allows it. It keeps the login alive
   * (PKCS#11 2.40, 11.6: logins belong to the application's sessions with the token).
   */
  session(token: FoundToken): Handle {
    const open = this.#sessions.get(token.slotId);
    if (open && this.#alive(open.handle)) return open.handle;
    const session = this.newSession(token);
    this.#sessions.set(token.slotId, session);
    return session.handle;
  }

  /** Another session with the token, for work that must not stand in the way of the shared one. The caller closes it. */
  newSession(token: FoundToken): { handle: Handle; readWrite: boolean } {
    const { CKF_SERIAL_SESSION, CKF_RW_SESSION, CKF_WRITE_PROTECTED } = pkcs11js;
    const readWrite = (token.info.flags & CKF_WRITE_PROTECTED) === 0;
    try {
      const flags = CKF_SERIAL_SESSION | (readWrite ? CKF_RW_SESSION : 0);
      return { handle: this.p11.C_OpenSession(token.slot, flags), readWrite };
    } catch (thrown) {
      if (!readWrite || !String(thrown).includes("CKR_TOKEN_WRITE_PROTECTED")) throw thrown;
      return { handle: this.p11.C_OpenSession(token.slot, CKF_SERIAL_SESSION), readWrite: false };
    }
  }

  /**
   * Who is logged in, as the shared session's state says (CKS_*, PKCS#11 3.2, C_GetSessionInfo). Without an open
   * session nobody is: a login lives in an application's sessions.
   */
  loginState(slotId: number): "none" | "user" | "so" {
    const open = this.#sessions.get(slotId);
    if (!open) return "none";
    try {
      const { state } = this.p11.C_GetSessionInfo(open.handle);
      return loginOfState[state] ?? "none";
    } catch {
      return "none";
    }
  }

  /**
   * C_Logout on the shared session. If the module refuses, closing every session ends the login as well.
   * @returns whether somebody was logged in.
   */
  logOut(slotId: number): boolean {
    this.logins.ended(slotId);
    const open = this.#sessions.get(slotId);
    if (!open || this.loginState(slotId) === "none") return false;
    try {
      this.p11.C_Logout(open.handle);
    } catch {
      this.#endSessions(slotId, open);
      this.#sessions.delete(slotId);
    }
    return true;
  }

  /** Closes the shared session with a token. Once no other session is open, its login ends (PKCS#11 2.40, C_CloseSession). */
  closeSessions(slotId: number): void {
    const open = this.#sessions.get(slotId);
    this.#sessions.delete(slotId);
    if (!open) return;
    try {
      this.p11.C_CloseSession(open.handle);
    } catch {}
  }

  /** Logs out and closes every session with a token, also those that other work has open. */
  #endSessions(slotId: number, { handle }: { handle: Handle }): void {
    try {
      this.p11.C_Logout(handle);
    } catch {}
    try {
      this.p11.C_CloseAllSessions(handleFrom(slotId));
    } catch {}
  }

  #alive(session: Handle): boolean {
    try {
      this.p11.C_GetSessionInfo(session);
      return true;
    } catch {
      return false;
    }
  }
}

/** CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS, CKS_RW_SO_FUNCTIONS (pkcs11js has no names for them). */
const loginOfState: Record<number, "user" | "so"> = { 1: "user", 3: "user", 4: "so" };

/** What a library does before any function of it is called. */
const loading = "loading the library";

const withoutPinName = (label: string): string => showPadded(label).replace(/ \(UserPIN\)$/, "");

/** Leaves out a name that is the same as the one before. */
const whenNew = (tell: (name: string) => void): ((name: string) => void) => {
  let last = "";
  return (name) => {
    if (name === last) return;
    last = name;
    tell(name);
  };
};

/** Wraps a pkcs11js object so that the parent knows which function it is in, should the module never return. */
const tracked = (p11: PKCS11, entering: (name: string) => void): PKCS11 => {
  const wrapped = new Map<PropertyKey, unknown>();
  return new Proxy(p11, {
    get(target, name) {
      const known = wrapped.get(name);
      if (known) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const title = String(name).replace(/(Async|Callback)$/, "");
      const call = (...args: unknown[]) => {
        if (title.startsWith("C_")) entering(title);
        return (value as (...a: unknown[]) => unknown).apply(target, args);
      };
      wrapped.set(name, call);
      return call;
    },
  });
};
