import { useState } from "react";
import type { Input } from "../../preload/contract/index.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { useAction } from "../ui/useAction.ts";
import { pinProblem, ready, usePinPrompt } from "./PinState.tsx";

type PinRequest = "tokens.login" | "tokens.setUserPin" | "tokens.changePin";

/**
 * The tries of one dialog with an existing PIN. The flags are read when it opens and after each failed try; the PIN
 * leaves the window's memory with the try, right or wrong; after a failed one its field is empty and has the focus.
 */
export const usePinTry = <N extends PinRequest>(
  request: N,
  { module, token, who }: { module: string; token: TokenRow; who: "user" | "so" },
  onDone: (row: TokenRow) => void,
) => {
  const [pin, setPin] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [failures, setFailures] = useState(0);
  const prompt = usePinPrompt(module, token.ref, who, failures);
  const action = useAction(request, (row) => onDone(row as TokenRow));
  // What the window knows already decides until the flags have been read: a field that comes late loses what is typed.
  const pinPad = prompt.data?.pinPad ?? token.pinPad;
  const known = who === "so" ? token.soPin : token.userPin;
  const mayTry = prompt.data?.mayTry ?? !["none", "not set", "locked"].includes(known.state);
  return {
    who,
    prompt,
    pinPad,
    mayTry,
    /** Whether a PIN is typed here: the reader has no keys of its own, and a try may be made. */
    typed: mayTry && !pinPad,
    pin,
    setPin,
    problem: pinProblem(pin, prompt.data),
    confirmation,
    setConfirmation,
    /** Those that failed. */
    tries: failures,
    ready: ready(prompt.data, confirmation, pin),
    busy: action.busy,
    error: action.error,
    /** @param input makes the request's input out of the PIN (null: the reader asks) and the typed confirmation. */
    start: (input: (pin: string | null, confirmed: { confirmation?: string }) => Input<N>) => {
      const confirmed = confirmation === "" ? {} : { confirmation };
      action.run(input(pinPad ? null : pin, confirmed), () => setFailures((count) => count + 1));
      setPin("");
      setConfirmation("");
    },
  };
};

export type PinTry = Omit<ReturnType<typeof usePinTry<PinRequest>>, "start">;

/** A new PIN, typed twice. */
export const useNewPin = (module: string, token: TokenRow, who: "user" | "so") => {
  const [value, setValue] = useState("");
  const [again, setAgain] = useState("");
  // Its lengths are those of the PIN that is set, which may differ from those of the PIN that proves the right to.
  const prompt = usePinPrompt(module, token.ref, who, 0);
  const pinPad = prompt.data?.pinPad ?? token.pinPad;
  const problem = pinProblem(value, prompt.data);
  return {
    who,
    pinPad,
    value,
    setValue,
    again,
    setAgain,
    problem,
    ready: pinPad || (prompt.data !== undefined && value !== "" && value === again && problem === null),
  };
};

export type NewPin = ReturnType<typeof useNewPin>;
