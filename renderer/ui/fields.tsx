import { type ReactNode, useState } from "react";
import {
  Checkbox as AriaCheckbox,
  Select as AriaSelect,
  TextField as AriaTextField,
  Button,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";

interface TextFieldProperties {
  label: string;
  value: string;
  onChange(value: string): void;
  hint?: string;
  problem?: string | null;
  placeholder?: string;
  mono?: boolean;
  autoFocus?: boolean;
  /** What is in it is selected when the focus comes, so that typing replaces it. */
  selected?: boolean;
  disabled?: boolean;
  name?: string;
}

/** Label, the input and what belongs to it, hint and problem: the same for every text field. */
const Field = ({ children, ...properties }: TextFieldProperties & { children: ReactNode }) => (
  <AriaTextField
    className="field"
    value={properties.value}
    onChange={properties.onChange}
    autoFocus={properties.autoFocus}
    isDisabled={properties.disabled}
    isInvalid={Boolean(properties.problem)}
    name={properties.name}
  >
    <Label>{properties.label}</Label>
    {children}
    {properties.hint ? (
      <Text slot="description" className="hint">
        {properties.hint}
      </Text>
    ) : null}
    {properties.problem ? (
      <Text slot="errorMessage" className="problem">
        {properties.problem}
      </Text>
    ) : null}
  </AriaTextField>
);

export const TextField = (properties: TextFieldProperties) => (
  <Field {...properties}>
    <Input
      className={`input ${properties.mono ? "mono" : ""}`}
      onFocus={properties.selected ? (event) => event.target.select() : undefined}
      placeholder={properties.placeholder}
      spellCheck={false}
      autoComplete="off"
    />
  </Field>
);

/** A PIN or password: hidden unless the user wants to see it, never offered to the browser's password store. */
export const SecretField = (properties: Omit<TextFieldProperties, "mono" | "placeholder">) => {
  const [shown, setShown] = useState(false);
  return (
    <Field {...properties}>
      <div className="input-row">
        <Input
          className="input mono"
          type={shown ? "text" : "password"}
          spellCheck={false}
          autoComplete="off"
          data-1p-ignore=""
        />
        <Button
          className="button"
          onPress={() => setShown(!shown)}
          aria-label={shown ? `Hide ${properties.label}` : `Show ${properties.label}`}
          slot={null}
        >
          {shown ? "Hide" : "Show"}
        </Button>
      </div>
    </Field>
  );
};

export interface Choice<V extends string> {
  value: V;
  title: string;
  description?: string;
}

export const Select = <V extends string>(properties: {
  label: string;
  value: V;
  choices: Choice<V>[];
  onChange(value: V): void;
  hint?: string;
}) => (
  <AriaSelect
    className="field"
    selectedKey={properties.value}
    onSelectionChange={(key) => {
      if (key !== null) properties.onChange(key as V);
    }}
  >
    <Label>{properties.label}</Label>
    <Button className="select-button">
      <span className="select-value">
        {properties.choices.find(({ value }) => value === properties.value)?.title ?? "Choose"}
      </span>
      <span aria-hidden="true">▾</span>
      <SelectValue className="visually-hidden" />
    </Button>
    {properties.hint ? (
      <Text slot="description" className="hint">
        {properties.hint}
      </Text>
    ) : null}
    <Popover className="popover">
      <ListBox className="listbox" items={properties.choices}>
        {(choice) => (
          <ListBoxItem id={choice.value} className="listbox-item" textValue={choice.title}>
            <Text slot="label">{choice.title}</Text>
            {choice.description ? (
              <Text slot="description" className="description">
                {choice.description}
              </Text>
            ) : null}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  </AriaSelect>
);

export const Checkbox = (properties: {
  label: string;
  hint?: string;
  value: boolean;
  onChange(value: boolean): void;
  disabled?: boolean;
}) => (
  <AriaCheckbox
    className="checkbox"
    isSelected={properties.value}
    onChange={properties.onChange}
    isDisabled={properties.disabled}
  >
    <span className="box" aria-hidden="true">
      ✓
    </span>
    <span>
      {properties.label}
      {properties.hint ? <span className="muted"> {properties.hint}</span> : null}
    </span>
  </AriaCheckbox>
);
