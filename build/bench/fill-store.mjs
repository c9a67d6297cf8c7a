// Run as a process of its own, since SoftHSM finds its store by the environment: LIBRARY COUNT CERTIFICATE
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import pkcs11js from "pkcs11js";
import { tokenLabel } from "./stores.mjs";

const [library = "", count = "0", certificate = ""] = process.argv.slice(2);
// A PIN of a token that exists for this measurement only.
const pin = "bench-pin";

const p11 = new pkcs11js.PKCS11();
p11.load(library);

// The window opens the first token by itself. So that one is a spare, and the measured one is opened by a click.
p11.C_Initialize();
for (const label of ["spare", tokenLabel]) initialise(p11.C_GetSlotList(true).at(-1), label);
p11.C_Finalize();
p11.C_Initialize();
// SoftHSM has its own order, so the labels are given once more by it.
const [first, slot] = p11.C_GetSlotList(true);
initialise(first, "spare");
initialise(slot, tokenLabel);
if (!slot) throw new Error("SoftHSM shows no second token");

const session = p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
p11.C_Login(session, pkcs11js.CKU_SO, pin);
p11.C_InitPIN(session, pin);
p11.C_Logout(session);
p11.C_Login(session, pkcs11js.CKU_USER, pin);

const original = readFileSync(certificate);
const serial = original.indexOf(Buffer.from(new X509Certificate(original).serialNumber, "hex"));
for (let i = 0; i < Number(count); i++) {
  // Only listed, never checked: a copy with another serial number will do, whatever its signature says.
  const value = Buffer.from(original);
  value.writeUInt32BE(0x10000000 + i, serial);
  const id = Buffer.alloc(4);
  id.writeUInt32BE(i);
  p11.C_CreateObject(session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: false },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: 0 },
    { type: pkcs11js.CKA_LABEL, value: `certificate ${i}` },
    { type: pkcs11js.CKA_ID, value: id },
    { type: pkcs11js.CKA_SUBJECT, value: Buffer.from("3000", "hex") },
    { type: pkcs11js.CKA_VALUE, value },
  ]);
}
p11.C_Finalize();

/** @param {Buffer | undefined} slot @param {string} label */
function initialise(slot, label) {
  if (!slot) throw new Error("SoftHSM shows no slot");
  // 32 characters padded with blanks (PKCS#11 2.40, C_InitToken); pkcs11js does not pad.
  p11.C_InitToken(slot, pin, label.padEnd(32));
}
