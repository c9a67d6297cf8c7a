import { useQuery } from "@tanstack/react-query";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Output } from "../../preload/contract/index.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import { call, errorOf } from "../client/call.ts";
import { TextField } from "../ui/fields.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";

export type PinPrompt = Output<"tokens.pinPrompt">;

/**
 * The flags as they are right now, read anew when a dialog opens and after each failed try.
 * @param tries changes with each try, so that the flags are read again
 */
export const usePinPrompt = (module: string, token: TokenRef, who: "user" | "so", tries: number) =>
  useQuery({
    queryKey: ["tokens.pinPrompt", module, token, who, tries],
    queryFn: () => call("tokens.pinPrompt", { module, token, who }),
    // A dialog that follows another at once must not go by the flags of before.
    staleTime: 0,
    gcTime: 0,
  });

/** What the token says of a PIN before it is asked for, in words; with the typed confirmation at the last try. */
export const PinState = (properties: {
  query: ReturnType<typeof usePinPrompt>;
  confirmation: string;
  onConfirmation(text: string): void;
  /** Shown in the same dialog: what it says already is not said twice. */
  error?: ErrorData | null;
}) => {
  const { data, error } = properties.query;
  // A module that crashed in the try answers the question for the flags with the same error.
  if (error)
    return errorOf(error).message === properties.error?.message ? null : <ErrorNotice error={errorOf(error)} />;
  if (!data) return null;
  return (
    <>
      {saysAlready(properties.error, data.state.words) ? null : <StateWords state={data.state} />}
      {data.pinPad && data.mayTry ? (
        <Notice title="Enter the PIN on the reader">
          The PIN is typed on the reader's own keys when you start. It never passes through this computer.
        </Notice>
      ) : null}
      {data.confirmation ? (
        <TextField
          label={`Type "${data.confirmation}" to use the last try`}
          value={properties.confirmation}
          onChange={properties.onConfirmation}
          hint="If this try is wrong, the PIN is locked."
        />
      ) : null}
    </>
  );
};

/** A PIN's state: beside the way when nothing is wrong with it, else as a notice. */
export const StateWords = ({ state: { state, words } }: { state: PinPrompt["state"] }) => {
  if (state === "set" || state === "on the reader") return <p className="muted">{words}</p>;
  return <Notice look={state === "locked" || state === "final try" ? "danger" : "warn"} title={words} />;
};

/** After a failed try the error tells the PIN's state as it is now, and so do the flags. */
const saysAlready = (error: ErrorData | null | undefined, words: string): boolean =>
  error ? `${error.message} ${error.remedy}`.includes(words) : false;

/** Why a PIN cannot be sent yet; null if it can. Lengths count bytes, as the token does. */
export const pinProblem = (
  pin: string,
  prompt: Pick<PinPrompt, "pinPad" | "minLength" | "maxLength"> | undefined,
): string | null => {
  if (!prompt || prompt.pinPad || pin === "") return null;
  const length = new TextEncoder().encode(pin).length;
  if (length < prompt.minLength) return `The token wants at least ${prompt.minLength} characters.`;
  if (length > prompt.maxLength) return `The token takes at most ${prompt.maxLength} characters.`;
  return null;
};

/** Whether the fields hold all that a try needs. */
export const ready = (prompt: PinPrompt | undefined, confirmation: string, ...pins: string[]): boolean =>
  prompt?.mayTry === true &&
  (prompt.confirmation === null || confirmation === prompt.confirmation) &&
  (prompt.pinPad || pins.every((pin) => pin !== "" && pinProblem(pin, prompt) === null));
