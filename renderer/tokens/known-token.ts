import type { Output } from "../../preload/contract/index.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { queryClient } from "../client/queries.ts";
import { sameToken } from "../frame/place.tsx";

/** A token as its module told it last: newer than what is drawn, since a change is told before the request's reply. */
export const knownToken = (module: string, ref: TokenRef): TokenRow | null => {
  const known = queryClient.getQueryData<Output<"tokens.slots">>(["tokens.slots", { module }]);
  return known?.slots.find(({ token }) => token && sameToken(token.ref, ref))?.token ?? null;
};
