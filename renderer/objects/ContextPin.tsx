import { useState } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { pinProblem, ready, usePinPrompt } from "../tokens/PinState.tsx";
import { PinTryFields } from "../tokens/PinTryFields.tsx";
import { TokenLine } from "../tokens/TokenLine.tsx";
import type { Address } from "./tasks.ts";

/**
 * The PIN for one use of an always-authenticate key (C_Login with CKU_CONTEXT_SPECIFIC between C_SignInit and C_Sign).
 * Asked for if the key says so, or once the token has said that it wants it.
 */
export const useContextPin = (address: Address, row: Pick<ObjectRow, "flags">, error: ErrorData | null) => {
  const [pin, setPin] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [tries, setTries] = useState(0);
  const prompt = usePinPrompt(address.module, address.token, "user", tries);
  const wanted = row.flags.includes("always-authenticate") || error?.code === "PIN_NEEDED" || tries > 0;
  return {
    pin,
    setPin,
    confirmation,
    setConfirmation,
    prompt,
    wanted,
    address,
    error,
    tries,
    typed: prompt.data?.mayTry === true && !prompt.data.pinPad,
    problem: pinProblem(pin, prompt.data),
    ready: !wanted || ready(prompt.data, confirmation, pin),
    /** The PIN for the request, which it leaves the window's memory with. */
    take: (): { contextPin?: string | null; confirmation?: string } => {
      if (!wanted) return {};
      setPin("");
      setConfirmation("");
      setTries(tries + 1);
      return { contextPin: prompt.data?.pinPad ? null : pin, ...(confirmation ? { confirmation } : {}) };
    },
  };
};

export const ContextPinField = ({ context }: { context: ReturnType<typeof useContextPin> }) =>
  context.wanted ? (
    <>
      <TokenLine {...context.address} />
      <PinTryFields
        attempt={context}
        label="User PIN for this use"
        hint="The key wants the PIN at each use (CKA_ALWAYS_AUTHENTICATE)."
      />
    </>
  ) : null;
