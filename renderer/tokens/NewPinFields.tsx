import { SecretField } from "../ui/fields.tsx";
import type { NewPin } from "./usePinTry.ts";

/** A new PIN, typed twice. */
export const NewPinFields = ({ pin }: { pin: NewPin }) => {
  const name = pin.who === "so" ? "SO PIN" : "user PIN";
  return (
    <>
      <SecretField label={`New ${name}`} value={pin.value} onChange={pin.setValue} problem={pin.problem} />
      <SecretField
        label={`New ${name} again`}
        value={pin.again}
        onChange={pin.setAgain}
        problem={pin.again !== "" && pin.again !== pin.value ? "The two are not the same." : null}
      />
    </>
  );
};
