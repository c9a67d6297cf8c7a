import { SecretField } from "../ui/fields.tsx";
import { type PinPrompt, pinProblem } from "./PinState.tsx";

/** A new PIN, typed twice. */
export const NewPinFields = (properties: {
  /** "user PIN" or "SO PIN" */
  name: string;
  prompt: PinPrompt | undefined;
  value: string;
  onChange(pin: string): void;
  again: string;
  onAgain(pin: string): void;
}) => (
  <>
    <SecretField
      label={`New ${properties.name}`}
      value={properties.value}
      onChange={properties.onChange}
      problem={pinProblem(properties.value, properties.prompt)}
    />
    <SecretField
      label={`New ${properties.name} again`}
      value={properties.again}
      onChange={properties.onAgain}
      problem={properties.again !== "" && properties.again !== properties.value ? "The two are not the same." : null}
    />
  </>
);
