import type { Handle } from "pkcs11js";
import type { KeyUse } from "../../../preload/contract/shared.ts";
import type { FoundToken, Library } from "../../pkcs11/library.ts";
import type { PlannedItem } from "./plan-items.ts";
import type { Naming, Protection } from "./template.ts";
import type { TokenKey } from "./token-keys.ts";

/** One item as the user wants it written. */
export interface Wanted extends Protection {
  planned: PlannedItem;
  naming: Naming;
  /** What a key is for; empty for a certificate. */
  usage: KeyUse[];
}

export interface Writing {
  library: Library;
  token: FoundToken;
  session: Handle;
  /** What is on the token before this write. */
  keys: TokenKey[];
  allowDuplicate: boolean;
}
