import type { Handle, PKCS11 } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { type AddOn, addOn } from "./add-on.ts";
import { returnValueName } from "./return-values.ts";

/**
 * The PKCS#11 functions that take a PIN. A PIN of null is a null pointer, with which the reader asks on its own keys
 * (PKCS#11 2.40, CKF_PROTECTED_AUTHENTICATION_PATH). All throw Pkcs11Error, and make one call.
 */
export class PinCalls {
  readonly #p11: PKCS11;
  readonly #entering: (name: string) => void;
  /** Of the loaded library. */
  path = "";

  constructor(p11: PKCS11, entering: (name: string) => void) {
    this.#p11 = p11;
    this.#entering = entering;
  }

  login(session: Handle, userType: number, pin: string | null): void {
    if (pin === null) this.#onReader("C_Login", (addOn) => addOn.login(this.path, session, userType));
    else this.#p11.C_Login(session, userType, pin);
  }

  initPin(session: Handle, pin: string | null): void {
    if (pin === null) this.#onReader("C_InitPIN", (addOn) => addOn.initPin(this.path, session, null));
    else this.#p11.C_InitPIN(session, pin);
  }

  /** Either both PINs are given, or both are asked for by the reader. */
  setPin(session: Handle, oldPin: string | null, newPin: string | null): void {
    if (oldPin === null || newPin === null)
      this.#onReader("C_SetPIN", (addOn) => addOn.setPin(this.path, session, null));
    else this.#p11.C_SetPIN(session, oldPin, newPin);
  }

  /** @param label padded to 32 bytes of UTF-8. */
  initToken(slot: Handle, pin: string | null, label: string): void {
    const bytes = Buffer.from(label, "utf8");
    if (pin === null) this.#onReader("C_InitToken", (addOn) => addOn.initToken(this.path, slot, bytes));
    else this.#p11.C_InitToken(slot, pin, label);
  }

  #onReader(method: string, call: (addOn: AddOn) => number): void {
    // The add-on calls the library past pkcs11js, so the function is announced here.
    this.#entering(method);
    const rv = call(addOn());
    if (rv !== 0) throw new pkcs11js.Pkcs11Error(`${returnValueName(rv)}:${rv}`, rv, method);
  }
}
