import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, errorOf, onEvent } from "../client/call.ts";
import { objectsKey, queryClient, useRequest } from "../client/queries.ts";

export interface Listing {
  rows: ObjectRow[];
  /** False while rows are still coming, and after an error in the middle. */
  complete: boolean;
  privateIncluded: boolean;
  /** How long the listing took; null until it is complete. */
  milliseconds: number | null;
  error: ErrorData | null;
}

/** Milliseconds to the first and between two looks of the table while rows stream in; a quick listing is drawn once. */
const pace = 150;

/**
 * The objects of a token. Rows appear while the token is still being read; a later reading replaces the table only
 * when it is complete. Another login state or another process of the module makes a new listing.
 */
export const useObjects = (module: string, token: TokenRow) => {
  const { data: modules } = useRequest("modules.list", {});
  const pid = modules?.modules.find(({ id }) => id === module)?.pid ?? null;
  const key = [...objectsKey(module, token.ref), token.login, pid];
  const query = useQuery<Listing>({ queryKey: key, queryFn: () => list(key, module, token) });

  useEffect(() => {
    // What was listed under another login or by a process that is gone must not come back later.
    queryClient.removeQueries({
      queryKey: objectsKey(module, token.ref),
      predicate: ({ queryKey }) => queryKey.at(-2) !== token.login || queryKey.at(-1) !== pid,
    });
  }, [module, token.ref, token.login, pid]);

  return {
    listing: query.data ?? nothing,
    reading: query.isFetching,
    refresh: () => void queryClient.invalidateQueries({ queryKey: objectsKey(module, token.ref) }),
  };
};

const nothing: Listing = { rows: [], complete: false, privateIncluded: false, milliseconds: null, error: null };

let runs = 0;
const latestRun = new Map<string, number>();

const list = async (key: readonly unknown[], module: string, token: TokenRow): Promise<Listing> => {
  const name = JSON.stringify(key);
  const run = ++runs;
  latestRun.set(name, run);
  const before = queryClient.getQueryData<Listing>(key);
  const replacing = before?.complete === true;
  if (!replacing) queryClient.setQueryData(key, nothing);
  let rows: ObjectRow[] = [];
  let shown = performance.now();
  const show = () => {
    // A reading that was started later owns the table.
    if (replacing || latestRun.get(name) !== run) return;
    shown = performance.now();
    queryClient.setQueryData<Listing>(key, { ...nothing, rows });
  };
  try {
    const reply = await call("objects.list", { module, token: token.ref, stream: true }, (more) => {
      rows = [...rows, ...more.rows];
      if (performance.now() - shown > pace) show();
    });
    const { privateIncluded, milliseconds } = reply;
    return { rows, complete: true, privateIncluded, milliseconds, error: null };
  } catch (thrown) {
    const error = errorOf(thrown);
    if (replacing && before) return { ...before, complete: false, error };
    return { ...nothing, rows, error };
  }
};

// A token that leaves takes its handles with it.
onEvent("tokens.changed", ({ module, slots }) => {
  const there = new Set(slots.map(({ token }) => token && `${token.ref.serial} ${token.ref.label}`));
  queryClient.removeQueries({
    queryKey: ["objects", module],
    predicate: ({ queryKey }) => !there.has(`${queryKey[2]} ${queryKey[3]}`),
  });
});
