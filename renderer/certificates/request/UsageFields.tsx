import { extendedKeyUsageOids, keyUsages } from "../../../preload/contract/certificate-names.ts";
import type { CertificateKeyUsage } from "../../../preload/contract/certificate-profile.ts";
import { Button } from "../../ui/Button.tsx";
import { Checkbox, Select, TextField } from "../../ui/fields.tsx";
import { type ProfileForm, pathLengthProblem } from "./profile-form.ts";

const usageWords: Record<CertificateKeyUsage, string> = {
  digitalSignature: "signs data and logins",
  nonRepudiation: "signs documents that bind",
  keyEncipherment: "decrypts keys",
  dataEncipherment: "decrypts data",
  keyAgreement: "agrees on keys",
  keyCertSign: "signs certificates",
  cRLSign: "signs revocation lists",
  encipherOnly: "with keyAgreement",
  decipherOnly: "with keyAgreement",
};

const purposeWords: Record<keyof typeof extendedKeyUsageOids, string> = {
  serverAuth: "TLS server",
  clientAuth: "TLS client",
  codeSigning: "code",
  emailProtection: "mail",
  timeStamping: "time stamps",
  OCSPSigning: "OCSP answers",
  smartcardLogon: "Windows login",
  ipsecIKE: "IPsec",
  anyExtendedKeyUsage: "anything",
};

interface FormProperties {
  form: ProfileForm;
  onForm(form: ProfileForm): void;
}

const toggled = <T,>(list: readonly T[], entry: T, on: boolean): T[] =>
  on ? [...list, entry] : list.filter((other) => other !== entry);

/** Key usage, purposes, CA or not, which of them are critical, and further extensions by OID. */
export const UsageFields = (properties: FormProperties & { problem(part: string): string | null }) => {
  const { form, onForm, problem } = properties;
  return (
    <details className="advanced">
      <summary>Uses, CA and other extensions</summary>
      <div className="advanced-fields">
        <fieldset className="profile-checks" aria-label="Key usage">
          <span className="profile-rows-title">Key usage</span>
          {keyUsages.map((usage) => (
            <Checkbox
              key={usage}
              label={usage}
              hint={usageWords[usage]}
              value={form.keyUsage.includes(usage)}
              onChange={(on) => onForm({ ...form, keyUsage: toggled(form.keyUsage, usage, on) })}
            />
          ))}
        </fieldset>
        <fieldset className="profile-checks" aria-label="Extended key usage">
          <span className="profile-rows-title">Extended key usage</span>
          {(Object.keys(extendedKeyUsageOids) as (keyof typeof extendedKeyUsageOids)[]).map((purpose) => (
            <Checkbox
              key={purpose}
              label={purpose}
              hint={purposeWords[purpose]}
              value={form.purposes.includes(purpose)}
              onChange={(on) => onForm({ ...form, purposes: toggled(form.purposes, purpose, on) })}
            />
          ))}
        </fieldset>
        <TextField
          label="Other purposes"
          value={form.otherPurposes}
          onChange={(otherPurposes) => onForm({ ...form, otherPurposes })}
          hint="Dotted OIDs, separated by blanks"
          problem={problem("extendedKeyUsage")}
          mono
        />
        <Constraints form={form} onForm={onForm} />
        <Critical form={form} onForm={onForm} />
        <Others {...properties} />
      </div>
    </details>
  );
};

const Constraints = ({ form, onForm }: FormProperties) => (
  <div className="profile-pair">
    <Select
      label="Basic constraints"
      value={form.constraints}
      choices={[
        { value: "notCa", title: "No CA" },
        { value: "ca", title: "A CA" },
        { value: "none", title: "Left out" },
      ]}
      onChange={(constraints) => onForm({ ...form, constraints })}
    />
    {form.constraints === "ca" ? (
      <TextField
        label="Path length"
        value={form.pathLength}
        onChange={(pathLength) => onForm({ ...form, pathLength })}
        hint="CAs that may stand below it; empty: any number"
        problem={pathLengthProblem(form)}
      />
    ) : null}
  </div>
);

const criticalNames = ["basicConstraints", "keyUsage", "extendedKeyUsage", "subjectAltName"] as const;

const Critical = ({ form, onForm }: FormProperties) => (
  <fieldset className="profile-checks" aria-label="Critical extensions">
    <span className="profile-rows-title">Critical: who does not understand it must refuse the certificate</span>
    {criticalNames.map((name) => (
      <Checkbox
        key={name}
        label={name}
        value={form.critical.includes(name)}
        onChange={(on) => onForm({ ...form, critical: toggled(form.critical, name, on) })}
      />
    ))}
  </fieldset>
);

const Others = ({ form, onForm, problem }: FormProperties & { problem(part: string): string | null }) => {
  const change = (row: number, next: Partial<ProfileForm["extensions"][number]>) =>
    onForm({ ...form, extensions: form.extensions.map((one, at) => (at === row ? { ...one, ...next } : one)) });
  return (
    <fieldset className="profile-rows" aria-label="Other extensions">
      <span className="profile-rows-title">Other extensions</span>
      {form.extensions.map(({ oid, critical, value }, row) => (
        // Rows have no identity but their place.
        <div key={row} className="profile-row extension">
          <TextField
            label={`OID ${row + 1}`}
            value={oid}
            onChange={(next) => change(row, { oid: next })}
            problem={problem(`extensions.${row}`)}
            mono
          />
          <TextField
            label={`Value ${row + 1}, DER in hexadecimal`}
            value={value}
            onChange={(next) => change(row, { value: next })}
            mono
          />
          <Checkbox label="critical" value={critical} onChange={(next) => change(row, { critical: next })} />
          <Button
            small
            label={`Remove extension ${row + 1}`}
            onPress={() => onForm({ ...form, extensions: form.extensions.filter((_, at) => at !== row) })}
          >
            Remove
          </Button>
        </div>
      ))}
      <Button
        small
        onPress={() => onForm({ ...form, extensions: [...form.extensions, { oid: "", critical: false, value: "" }] })}
      >
        Add an extension
      </Button>
    </fieldset>
  );
};
