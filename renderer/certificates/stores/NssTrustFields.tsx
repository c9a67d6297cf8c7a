import type { Input } from "../../../preload/contract/index.ts";
import { Select } from "../../ui/fields.tsx";

export type NssTrust = NonNullable<Input<"truststores.write">["nss"]>;
type Level = NonNullable<NssTrust["servers"]>;

export const serversOnly: NssTrust = { servers: "authority", mail: "none", code: "none" };

const levels: { value: Level; title: string; description: string }[] = [
  { value: "authority", title: "an authority", description: "what it has signed is trusted (C, T)" },
  { value: "peer", title: "a trusted peer", description: "this certificate itself is trusted (P)" },
  { value: "none", title: "nothing", description: "it is in the database, and trusted for nothing" },
];

/** What NSS trusts the certificates for. */
export const NssTrustFields = ({ value, onChange }: { value: NssTrust; onChange(value: NssTrust): void }) => (
  <div className="store-trust">
    <Select
      label="For servers (TLS)"
      value={value.servers ?? "none"}
      choices={levels}
      onChange={(servers) => onChange({ ...value, servers })}
    />
    <Select
      label="For mail (S/MIME)"
      value={value.mail ?? "none"}
      choices={levels}
      onChange={(mail) => onChange({ ...value, mail })}
    />
    <Select
      label="For code"
      value={value.code ?? "none"}
      choices={levels}
      onChange={(code) => onChange({ ...value, code })}
    />
  </div>
);
