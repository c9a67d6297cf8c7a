import type { ObjectRow } from "../../preload/contract/objects.ts";
import { addSources } from "../certificates/stores/basket.ts";
import { useNavigation } from "../frame/place.tsx";
import type { Address } from "./tasks.ts";
import { refOf } from "./words.ts";

/** Takes certificates and public keys of a token along to the trust stores, and goes there. */
export const useTrusting = (address: Address): ((rows: readonly ObjectRow[]) => Promise<void>) => {
  const { go } = useNavigation();
  return async (rows) => {
    go({ kind: "certificates", tab: "stores" });
    await addSources(rows.map((row) => ({ kind: "token", ...address, object: refOf(row) })));
  };
};
