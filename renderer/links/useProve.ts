import type { Output } from "../../preload/contract/index.ts";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { countWords } from "../ui/words.ts";

/** Test signatures with one key or all; a toast says what they showed. */
export const useProve = (onDone: () => void) =>
  useAction("links.prove", (reply) => {
    toast(proveToast(reply));
    onDone();
  });

export const proveToast = ({ results, skipped }: Output<"links.prove">) => {
  const [only] = results;
  const failed = results.filter(({ error }) => error);
  const foreign = results.filter(({ proved, mechanism }) => mechanism && !proved);
  const title =
    results.length === 1 && only
      ? only.error
        ? "No test signature was made"
        : only.words
      : `${countWords(results.length, "test signature")}, ${results.filter(({ proved }) => proved).length} fit a certificate or public key here`;
  const text = [
    ...failed.slice(0, 3).map(({ error }) => error?.message ?? ""),
    ...(results.length > 1 ? foreign.slice(0, 3).map(({ key, words }) => `${key.label}: ${words}`) : []),
    ...(skipped.length > 0 ? [`${countWords(skipped.length, "key")} left out: ${skipped[0]?.why}`] : []),
  ];
  return {
    title,
    text: text.join(" "),
    look: failed.length + foreign.length > 0 ? ("warn" as const) : ("good" as const),
  };
};
