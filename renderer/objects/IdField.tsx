import { TextField } from "../ui/fields.tsx";
import { parseHex } from "./ids.ts";

/** A CKA_ID as people type it: plain, with colons or blanks. */
export const IdField = (properties: {
  label?: string;
  value: string;
  onChange(value: string): void;
  hint?: string;
  autoFocus?: boolean;
  disabled?: boolean;
}) => {
  const { hex, problem } = parseHex(properties.value);
  return (
    <TextField
      label={properties.label ?? "CKA_ID"}
      value={properties.value}
      onChange={properties.onChange}
      hint={properties.hint ?? `Hexadecimal, with or without colons. ${hex === null ? "" : `${hex.length / 2} bytes.`}`}
      problem={problem}
      autoFocus={properties.autoFocus}
      selected={properties.autoFocus}
      disabled={properties.disabled}
      mono
    />
  );
};
