import { SecretField } from "../ui/fields.tsx";
import { PinState } from "./PinState.tsx";
import type { PinTry } from "./usePinTry.ts";

/** The state of a PIN and the field for it, or nothing but the state where it cannot be tried or is typed elsewhere. */
export const PinTryFields = ({ attempt, label }: { attempt: PinTry; label: string }) => (
  <>
    <PinState
      query={attempt.prompt}
      confirmation={attempt.confirmation}
      onConfirmation={attempt.setConfirmation}
      error={attempt.error}
    />
    {attempt.typed ? (
      <SecretField
        key={attempt.fieldKey}
        label={label}
        value={attempt.pin}
        onChange={attempt.setPin}
        problem={attempt.problem}
        autoFocus
      />
    ) : null}
  </>
);
