import { QueryClient, type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import type { Input, Output, RequestName } from "../../preload/contract/index.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import { atMostEvery } from "./at-most-every.ts";
import { call, onEvent, type RequestError } from "./call.ts";

/** Server state: what main and the tokens say, kept by query and refreshed by events. Nothing is asked for twice by itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      staleTime: Number.POSITIVE_INFINITY,
      networkMode: "always",
    },
    // A request's input may hold a PIN or password: it is forgotten as soon as its dialog has gone.
    mutations: { retry: false, networkMode: "always", gcTime: 0 },
  },
});

/** The answer to a request that changes nothing. `null` as input: not now. */
export const useRequest = <N extends RequestName>(
  name: N,
  input: Input<N> | null,
): UseQueryResult<Output<N>, RequestError> =>
  useQuery<Output<N>, RequestError>({
    queryKey: [name, input],
    queryFn: () => call(name, input as Input<N>),
    enabled: input !== null,
  });

/** The same request with several inputs. */
export const useRequests = <N extends RequestName>(
  name: N,
  inputs: readonly Input<N>[],
): Pick<UseQueryResult<Output<N>>, "data" | "isError">[] =>
  useQueries({ queries: inputs.map((input) => ({ queryKey: [name, input], queryFn: () => call(name, input) })) });

/**
 * The same for facts that change outside the app (files, folders): asked anew each time it comes on screen, and
 * forgotten with the screen, also what was asked.
 */
export const useFreshRequest = <N extends RequestName>(
  name: N,
  input: Input<N> | null,
): UseQueryResult<Output<N>, RequestError> =>
  useQuery<Output<N>, RequestError>({
    queryKey: [name, input],
    queryFn: () => call(name, input as Input<N>),
    enabled: input !== null,
    staleTime: 0,
    gcTime: 0,
  });

/** Where a token's objects are kept in the query cache. */
export const objectsKey = (module: string, token: TokenRef) => ["objects", module, token.serial, token.label] as const;

/** Where it is kept what belongs together on a token. */
export const linksKey = (module: string, token: TokenRef) => ["links", module, token.serial, token.label] as const;

/** Keeps the query cache true to what main tells. Called once. */
export const followEvents = (): void => {
  onEvent("modules.changed", (data) => {
    const before = queryClient.getQueryData<Output<"modules.list">>(["modules.list", {}]);
    queryClient.setQueryData(["modules.list", {}], data);
    // The finder says which of what it found is in the list.
    const ids = (list: Output<"modules.list"> | undefined) => list?.modules.map(({ id }) => id).join();
    if (ids(before) !== ids(data)) void queryClient.invalidateQueries({ queryKey: ["modules.find"] });
    // A new process knows nothing of the old one's logins and handles: what was read before is asked for again.
    for (const { id, pid } of data.modules)
      if (pid !== null && pid !== before?.modules.find((module) => module.id === id)?.pid)
        void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isAbout(queryKey, id) });
  });
  onEvent("tokens.changed", ({ module, slots }) => {
    queryClient.setQueryData(["tokens.slots", { module }], { slots });
    overviewAgain("expiry", null);
  });
  onEvent("app.settingsChanged", (data) => {
    queryClient.setQueryData(["app.settings", {}], data);
    overviewAgain("expiry", null);
  });
  onEvent("authority.changed", () => {
    for (const name of ["authority.list", "authority.register"])
      void queryClient.invalidateQueries({ queryKey: [name] });
  });
  onEvent("recording.changed", ({ names }) => {
    // A recording that grows is told with every few calls: what is shown of it need not be anew that often.
    if (names.length === 0) void queryClient.invalidateQueries({ queryKey: ["recording.state"] });
    recordingsAgain("recordings", names);
  });
  onEvent("objects.changed", ({ module, token }) => {
    const key = objectsKey(module, token);
    readAgain(JSON.stringify(key), key);
  });
};

/** Several files, or a script beside the window, write in many requests; the token is not listed anew for each. */
const readAgain = atMostEvery<ReturnType<typeof objectsKey>>(400, (queryKey) => {
  void queryClient.invalidateQueries({ queryKey });
  void queryClient.invalidateQueries({ queryKey: ["objects.attributes"] });
  void queryClient.invalidateQueries({ queryKey: ["links", ...queryKey.slice(1)] });
  overviewAgain("expiry", null);
});

/** When certificates end; asked anew only while it is on screen. */
const overviewAgain = atMostEvery<null>(1000, () => {
  void queryClient.invalidateQueries({ queryKey: ["expiry.overview"] });
});

const recordingsAgain = atMostEvery<readonly string[]>(1000, () => {
  for (const name of ["recording.state", "recording.list", "recording.runs"])
    void queryClient.invalidateQueries({ queryKey: [name] });
});

/** Whether a query asks something of a module: its id stands in the input, or in the key of the objects. */
const isAbout = (queryKey: readonly unknown[], module: string): boolean =>
  queryKey.some((part) => part === module || (part as { module?: string } | null)?.module === module);
