import type { MechanismRow } from "../../preload/contract/tokens.ts";
import { toErrorData } from "../pkcs11/failure.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { decodeFlags, mechanismFlags } from "../pkcs11/names-tokens.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import { keySizeUnit } from "./key-size-unit.ts";

/** The token's mechanisms in its own order; one whose C_GetMechanismInfo fails keeps its row, with the reason. */
export const mechanismRows = (library: Library, { slot }: FoundToken): MechanismRow[] =>
  library.p11.C_GetMechanismList(slot).map((mechanism) => {
    const name = mechanismName(mechanism);
    const row = { mechanism, name, unit: keySizeUnit(name), minKeySize: 0, maxKeySize: 0, flags: [], error: null };
    try {
      const { minKeySize, maxKeySize, flags } = library.p11.C_GetMechanismInfo(slot, mechanism);
      // SoftHSM and others say 0 to 0 where key sizes have no sense.
      const unit = maxKeySize === 0 ? "none" : row.unit;
      return { ...row, unit, minKeySize, maxKeySize, flags: decodeFlags(flags, mechanismFlags) };
    } catch (thrown) {
      const { rv, message } = toErrorData(thrown, "C_GetMechanismInfo");
      return { ...row, unit: "none" as const, error: rv ? `${rv}: ${message}` : message };
    }
  });
