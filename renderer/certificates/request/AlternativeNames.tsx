import { alternativeNameTypes } from "../../../preload/contract/certificate-names.ts";
import type { AlternativeName } from "../../../preload/contract/certificate-profile.ts";
import { Button } from "../../ui/Button.tsx";
import { type Choice, Select, TextField } from "../../ui/fields.tsx";

const words: Record<AlternativeName["type"], { title: string; placeholder: string }> = {
  dns: { title: "DNS name", placeholder: "www.example.org" },
  ip: { title: "IP address", placeholder: "192.0.2.1 or 2001:db8::1" },
  email: { title: "E-mail", placeholder: "ada@example.org" },
  uri: { title: "URI", placeholder: "https://example.org/ada" },
  upn: { title: "UPN", placeholder: "ada@corp.example" },
};
const types: Choice<AlternativeName["type"]>[] = alternativeNameTypes.map((type) => ({
  value: type,
  title: words[type].title,
}));

/** Rows of alternative names, each with what is wrong with it. */
export const AlternativeNames = (properties: {
  names: AlternativeName[];
  onChange(names: AlternativeName[]): void;
  problem(row: number): string | null;
}) => {
  const { names, onChange, problem } = properties;
  const change = (row: number, next: AlternativeName) => onChange(names.map((name, at) => (at === row ? next : name)));
  return (
    <fieldset className="profile-rows" aria-label="Alternative names">
      <span className="profile-rows-title">Alternative names</span>
      {names.map((name, row) => (
        // Rows have no identity but their place.
        <div key={row} className="profile-row">
          <Select
            label={`Kind of name ${row + 1}`}
            value={name.type}
            choices={types}
            onChange={(type) => change(row, { ...name, type })}
          />
          <TextField
            label={`Name ${row + 1}`}
            value={name.value}
            onChange={(value) => change(row, { ...name, value })}
            placeholder={words[name.type].placeholder}
            problem={problem(row)}
          />
          <Button small label={`Remove name ${row + 1}`} onPress={() => onChange(names.filter((_, at) => at !== row))}>
            Remove
          </Button>
        </div>
      ))}
      <Button small onPress={() => onChange([...names, { type: names.at(-1)?.type ?? "dns", value: "" }])}>
        Add a name
      </Button>
    </fieldset>
  );
};
