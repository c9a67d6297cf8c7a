import { useQuery } from "@tanstack/react-query";
import type { Output } from "../../preload/contract/index.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, type RequestError } from "../client/call.ts";
import { linksKey, queryClient } from "../client/queries.ts";

/** What belongs together on a token. Another login state is another answer. */
export const useLinks = (module: string, token: TokenRow) => {
  const key = [...linksKey(module, token.ref), token.login];
  const { data, error, isFetching } = useQuery<Output<"links.examine">, RequestError>({
    queryKey: key,
    queryFn: () => call("links.examine", { module, token: token.ref }),
    // While it is judged anew the old judgement stays in sight, but never that of another login.
    gcTime: 0,
  });
  return {
    data,
    error: error?.data ?? null,
    reading: isFetching,
    again: () => void queryClient.invalidateQueries({ queryKey: linksKey(module, token.ref) }),
  };
};
