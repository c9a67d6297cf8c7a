import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";
import { deviceRules } from "../tokens/device-class.ts";

/**
 * Whether this module shows as a private key's public half whatever stands under its CKA_ID. OpenSC takes it from the
 * public key or certificate with that ID (framework-pkcs15.c, pkcs15_bind_related_objects), and SmartCard-HSM class
 * devices make the public key object from the certificate.
 * @returns null, or what follows from it, in words
 */
export const bytesAreClaims = (library: Library, { info }: FoundToken): string | null => {
  if (deviceRules(info).certificateReplacesPublicKey)
    return "On this device the public key object shows the key of whatever certificate has its CKA_ID, and so does the private key. Only a test signature proves what belongs together.";
  return /opensc/i.test(showPadded(library.p11.C_GetInfo().manufacturerID))
    ? "OpenSC shows a private key the public half of whatever has its CKA_ID. Only a test signature proves what belongs together."
    : null;
};
