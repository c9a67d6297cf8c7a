import { TextArea as AriaTextArea, Label, Text, TextField } from "react-aria-components";

/** Text of several lines: PEM blocks, notes. */
export const TextArea = (properties: {
  label: string;
  value: string;
  onChange(value: string): void;
  hint?: string;
  rows?: number;
  mono?: boolean;
  placeholder?: string;
  readOnly?: boolean;
}) => (
  <TextField className="field" value={properties.value} onChange={properties.onChange} isReadOnly={properties.readOnly}>
    <Label>{properties.label}</Label>
    <AriaTextArea
      className={`input ${properties.mono ? "mono" : ""}`}
      rows={properties.rows ?? 5}
      spellCheck={false}
      placeholder={properties.placeholder}
    />
    {properties.hint ? (
      <Text slot="description" className="hint">
        {properties.hint}
      </Text>
    ) : null}
  </TextField>
);
