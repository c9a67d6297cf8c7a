import { join } from "node:path";
import pkcs11js, { type Handle, type Template } from "pkcs11js";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { type TestApp, testPins } from "./app.ts";

/**
 * SoftHSM opened a second time, by the test's own process: writes objects that the app has no way to make, and reads
 * back what the app did without the app's code.
 */
export interface SoftHsmWriter {
  p11: InstanceType<typeof pkcs11js.PKCS11>;
  session: Handle;
  create(template: Template): Handle;
  close(): void;
}

export const softHsmLibrary = "/usr/lib/softhsm/libsofthsm2.so";

/** SoftHSM in this process, initialised. One at a time: the store is named by the environment. */
export const loadSoftHsm = (configuration: string): SoftHsmWriter["p11"] => {
  const p11 = new pkcs11js.PKCS11();
  p11.load(softHsmLibrary);
  // SoftHSM reads it at C_Initialize only; programs that later tests start must not inherit it.
  const before = process.env.SOFTHSM2_CONF;
  process.env.SOFTHSM2_CONF = configuration;
  p11.C_Initialize();
  if (before === undefined) delete process.env.SOFTHSM2_CONF;
  else process.env.SOFTHSM2_CONF = before;
  return p11;
};

/** Logs in as user to a token of the test app's embedded SoftHSM. One at a time, as above. */
export const openWriter = (app: TestApp, token: TokenRow["ref"]): SoftHsmWriter => {
  const p11 = loadSoftHsm(join(app.dataFolder, "softhsm", "softhsm2.conf"));
  const slot = p11.C_GetSlotList(true).find((each) => p11.C_GetTokenInfo(each).serialNumber.trim() === token.serial);
  if (!slot) throw new Error("the token is not in SoftHSM's store");
  const session = p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
  p11.C_Login(session, pkcs11js.CKU_USER, testPins.user);
  return {
    p11,
    session,
    create: (template) => p11.C_CreateObject(session, template),
    close: () => {
      p11.C_Finalize();
      p11.close();
    },
  };
};
