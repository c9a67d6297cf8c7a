import type { KeyOffer } from "../../preload/contract/keys.ts";
import { parseHex } from "../objects/ids.ts";
import { Checkbox, Select, TextField } from "../ui/fields.tsx";
import { RadioCards } from "../ui/RadioCards.tsx";
import { type Choice, isSecretKind, type KeyForm } from "./spec.ts";

interface FieldProperties {
  form: KeyForm;
  onForm(form: KeyForm): void;
  choice: Choice;
}

/** Kind, size, use and name of a new key; only what the token offers can be chosen. */
export const KeyFields = ({ form, onForm, choice, offers }: FieldProperties & { offers: KeyOffer[] }) => (
  <>
    <div className="key-kind">
      <RadioCards
        label="Kind"
        value={choice.offer.kind}
        cards={offers.map(({ kind, title }) => ({ value: kind, title }))}
        onChange={(kind) => onForm({ ...form, kind })}
      />
      <Size form={form} onForm={onForm} choice={choice} />
    </div>
    <RadioCards
      label="What it is for"
      value={choice.preset}
      cards={choice.offer.presets.map(({ name, title, words }) => ({ value: name, title, words }))}
      onChange={(preset) => onForm({ ...form, preset })}
    />
    <TextField
      label="Label"
      value={form.label}
      onChange={(label) => onForm({ ...form, label, allowDuplicate: false })}
      hint="The name that programs show. Any text."
      autoFocus
    />
    <Advanced form={form} onForm={onForm} choice={choice} />
  </>
);

const Size = ({ form, onForm, choice: { offer, size, curve } }: FieldProperties) => {
  if (offer.curves.length > 0 && curve)
    return (
      <Select
        label="Curve"
        value={curve}
        choices={offer.curves.map((name) => ({ value: name, title: name }))}
        onChange={(chosen) => onForm({ ...form, curve: chosen })}
      />
    );
  if (offer.sizes.length > 0 && size !== undefined)
    return (
      <Select
        label="Size"
        value={String(size)}
        choices={offer.sizes.map((bits) => ({ value: String(bits), title: `${bits} bits` }))}
        onChange={(chosen) => onForm({ ...form, size: Number(chosen) })}
      />
    );
  return null;
};

const Advanced = ({ form, onForm, choice }: FieldProperties) => (
  <details className="advanced">
    <summary>Advanced: own CKA_ID, sensitive, extractable, PIN at each use</summary>
    <div className="advanced-fields">
      <TextField
        label="CKA_ID"
        value={form.id}
        onChange={(id) => onForm({ ...form, id, allowDuplicate: false })}
        hint={
          isSecretKind(choice.offer.kind)
            ? "Hexadecimal, colons allowed. Empty: 20 random bytes."
            : "Hexadecimal, colons allowed. Empty: the SHA-1 of the public key, which Java and others expect."
        }
        problem={parseHex(form.id).problem}
        mono
      />
      <Checkbox
        label="Sensitive"
        hint="(CKA_SENSITIVE) its value can never be read in plain"
        value={form.sensitive}
        onChange={(sensitive) => onForm({ ...form, sensitive })}
      />
      <Checkbox
        label="Extractable"
        hint="(CKA_EXTRACTABLE) it can leave the token, wrapped by another key"
        value={form.extractable}
        onChange={(extractable) => onForm({ ...form, extractable })}
      />
      {isSecretKind(choice.offer.kind) ? null : (
        <Checkbox
          label="PIN at each use"
          hint="(CKA_ALWAYS_AUTHENTICATE) not only at login; many programs cannot do this"
          value={form.alwaysAuthenticate}
          onChange={(alwaysAuthenticate) => onForm({ ...form, alwaysAuthenticate })}
        />
      )}
    </div>
  </details>
);
