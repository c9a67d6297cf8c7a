import { PinState } from "./PinState.tsx";
import { PinTryField } from "./PinTryField.tsx";
import type { PinTry } from "./usePinTry.ts";

type Shown = Pick<
  PinTry,
  "prompt" | "confirmation" | "setConfirmation" | "error" | "typed" | "tries" | "pin" | "setPin" | "problem"
>;

/** The state of a PIN and the field for it, or nothing but the state where it cannot be tried or is typed elsewhere. */
export const PinTryFields = ({ attempt, label, hint }: { attempt: Shown; label: string; hint?: string }) => (
  <>
    <PinState
      query={attempt.prompt}
      confirmation={attempt.confirmation}
      onConfirmation={attempt.setConfirmation}
      error={attempt.error}
    />
    {attempt.typed ? (
      <PinTryField
        tries={attempt.tries}
        flagsRead={attempt.prompt.data !== undefined}
        label={label}
        hint={hint}
        value={attempt.pin}
        onChange={attempt.setPin}
        problem={attempt.problem}
        autoFocus
      />
    ) : null}
  </>
);
