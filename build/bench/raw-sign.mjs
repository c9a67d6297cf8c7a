// Run as a process of its own: LIBRARY CKA_ID. Gets the PIN, then counts of signatures; answers how long each took.
import { randomBytes } from "node:crypto";
import pkcs11js from "pkcs11js";

const [library = "", id = ""] = process.argv.slice(2);
const p11 = new pkcs11js.PKCS11();
p11.load(library);
p11.C_Initialize();

/** @param {string} pin */
const openedKey = (pin) => {
  for (const slot of p11.C_GetSlotList(true)) {
    const session = p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
    try {
      p11.C_Login(session, pkcs11js.CKU_USER, pin);
    } catch {
      continue;
    }
    p11.C_FindObjectsInit(session, [
      { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
      { type: pkcs11js.CKA_ID, value: Buffer.from(id, "hex") },
    ]);
    const key = p11.C_FindObjects(session);
    p11.C_FindObjectsFinal(session);
    if (key) return { session, key };
  }
  throw new Error("the key is on no token");
};

/** @type {ReturnType<typeof openedKey> | null} */
let opened = null;
process.on("message", (/** @type {{ pin?: string, count?: number }} */ { pin, count = 0 }) => {
  if (pin !== undefined) {
    opened = openedKey(pin);
    return;
  }
  if (!opened) throw new Error("the PIN comes first");
  const { session, key } = opened;
  const hash = randomBytes(32);
  const space = Buffer.alloc(256);
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    p11.C_SignInit(session, { mechanism: pkcs11js.CKM_ECDSA }, key);
    p11.C_Sign(session, hash, space);
  }
  process.send?.({ milliseconds: performance.now() - start });
});
