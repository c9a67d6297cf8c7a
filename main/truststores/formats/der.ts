import { readAll } from "../../keys/ber.ts";
import { certificateParts } from "../../keys/certificate-parts.ts";
import { failure } from "../../pkcs11/failure.ts";
import type { FileStore } from "../store-format.ts";

/** One certificate as it is. */
export const derStore: FileStore = {
  read(bytes) {
    certificateParts(bytes);
    return {
      entries: [{ alias: "", kind: "certificate", der: readAll(bytes).raw, trusted: true }],
      privateKeys: 0,
      warnings: [],
    };
  },
  change(old, { add, goes }) {
    const kept = old === null ? [] : derStore.read(old, null).entries.filter((entry) => !goes(entry));
    const [only, ...more] = [...kept, ...add];
    if (only && more.length === 0) return only.der;
    throw failure("REFUSED", {
      where: "DER",
      message: only ? "A DER file holds one certificate." : "A DER file without its certificate would be empty.",
      remedy: only ? "Write PEM or PKCS#7 for several, or one file each." : "Delete the file instead.",
    });
  },
};
