/**
 * Rules that hold for one family of devices and that no flag tells. Each is known from the device's own
 * documentation or a report, which is named here.
 */
export interface DeviceRules {
  /** Why C_Login as SO proves nothing here, or null where it does. */
  soLoginRefused: string | null;
  /** Length of the SO PIN where ulMinPinLen and ulMaxPinLen speak of the user PIN only. */
  soPinLength: { min: number; max: number } | null;
  /** A certificate written under a key's CKA_ID makes the public key object show the certificate's key. */
  certificateReplacesPublicKey: boolean;
}

const ordinary: DeviceRules = { soLoginRefused: null, soPinLength: null, certificateReplacesPublicKey: false };

interface Family {
  /** Fits "manufacturer model" of CK_TOKEN_INFO. Labels are the user's own words and prove nothing. */
  names: RegExp;
  rules: DeviceRules;
}

const families: Family[] = [
  {
    names: /smartcard-hsm|nitrokey hsm|pico.?hsm|cardcontact|pol henarejos/i,
    rules: {
      // OpenSC/OpenSC#1318, #889: the driver keeps the SO PIN unchecked until C_InitPIN or C_InitToken; #3352: tries then go.
      soLoginRefused:
        "This device has no SO login: C_Login as SO would seem to succeed with any SO PIN, and a wrong one would use up tries later.",
      // 16 hexadecimal digits (sc-hsm-tool); the lengths that the token gives are those of the user PIN (OpenSC/OpenSC#267).
      soPinLength: { min: 16, max: 16 },
      // The public key object is made from the certificate file of the key's CKA_ID.
      certificateReplacesPublicKey: true,
    },
  },
];

/** @param token fields of CK_TOKEN_INFO. */
export const deviceRules = (token: { manufacturerID: string; model: string }): DeviceRules =>
  families.find(({ names }) => names.test(`${token.manufacturerID} ${token.model}`))?.rules ?? ordinary;
