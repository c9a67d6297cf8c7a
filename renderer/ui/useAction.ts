import { useMutation } from "@tanstack/react-query";
import type { Input, Output, Progress, RequestName } from "../../preload/contract/index.ts";
import { call, errorOf } from "../client/call.ts";

/** A request that changes something, asked for once by the user: run it, know whether it is under way, show its error. */
export const useAction = <N extends RequestName>(
  name: N,
  onDone: (value: Output<N>) => void,
  onProgress?: (value: Progress<N>) => void,
) => {
  const mutation = useMutation({
    mutationFn: (input: Input<N>) => call(name, input, onProgress),
    onSuccess: onDone,
  });
  return {
    /** @param onFailed called when the error is there, if the screen still is. */
    run: (input: Input<N>, onFailed?: () => void) => mutation.mutate(input, onFailed ? { onError: onFailed } : {}),
    busy: mutation.isPending,
    error: mutation.error ? errorOf(mutation.error) : null,
    reset: () => mutation.reset(),
  };
};
