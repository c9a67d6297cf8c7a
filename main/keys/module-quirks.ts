import type { Library } from "../pkcs11/library.ts";

/** What one module does with keys against the standard; known from trying it. */
export interface ModuleQuirks {
  /** Why usage flags are left out of the public half's template, or null. The private half's flags always stay. */
  publicUsageLeftOut: string | null;
  /** How keys get onto the token where C_CreateObject takes none; null: not known. */
  keyImport: string | null;
}

const modules: { names: RegExp; quirks: ModuleQuirks }[] = [
  {
    // Seen with tpm2-pkcs11 1.9: for a key that only signs it holds CKA_ENCRYPT for true and CKA_VERIFY for false on the
    // public half, and answers CKR_GENERAL_ERROR (after the TPM has made the key) to a template that says otherwise.
    names: /tpm2/i,
    quirks: {
      publicUsageLeftOut:
        "tpm2-pkcs11 mixes up the usage flags of public keys and refuses right ones, so they were left to it. What the private key may do was stated.",
      keyImport: "tpm2-pkcs11 takes only certificates and data objects this way. Use its own tool: tpm2_ptool import.",
    },
  },
];

const none: ModuleQuirks = { publicUsageLeftOut: null, keyImport: null };

/** By what C_GetInfo says of the module. */
export const moduleQuirks = ({ p11 }: Library): ModuleQuirks => {
  const { manufacturerID, libraryDescription } = p11.C_GetInfo();
  return modules.find(({ names }) => names.test(`${manufacturerID} ${libraryDescription}`))?.quirks ?? none;
};
