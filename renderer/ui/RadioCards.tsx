import { Label, Radio, RadioGroup } from "react-aria-components";

export interface Card<V extends string> {
  value: V;
  title: string;
  words?: string;
}

/** One of a few, each with what it means in plain words. Without words they stand in a row. */
export const RadioCards = <V extends string>(properties: {
  label: string;
  value: V;
  cards: Card<V>[];
  onChange(value: V): void;
}) => (
  <RadioGroup
    className="field"
    value={properties.value}
    onChange={(value) => properties.onChange(value as V)}
    orientation={properties.cards.some(({ words }) => words) ? "vertical" : "horizontal"}
  >
    <Label>{properties.label}</Label>
    <div className={properties.cards.some(({ words }) => words) ? "radio-cards" : "radio-row"}>
      {properties.cards.map(({ value, title, words }) => (
        <Radio key={value} value={value} className="radio-card">
          <strong>{title}</strong>
          {words ? <span className="muted"> {words}</span> : null}
        </Radio>
      ))}
    </div>
  </RadioGroup>
);
