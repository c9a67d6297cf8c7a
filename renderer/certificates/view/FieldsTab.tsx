import type { ReactNode } from "react";
import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { colonHex } from "../../objects/ids.ts";
import { Button } from "../../ui/Button.tsx";
import { copyText } from "../../ui/copy.ts";
import { Badge } from "../../ui/notices.tsx";
import { CrlEntries } from "./CrlEntries.tsx";
import { Extensions } from "./Extensions.tsx";
import { signatureWords, validityWords } from "./words.ts";

/** Everything that an item says, in words. */
export const FieldsTab = ({ item }: { item: ViewedItem }) => (
  <>
    <Identity item={item} />
    {item.crl ? <CrlEntries crl={item.crl} /> : null}
    <Extensions item={item} />
    <Key item={item} />
    <Signature item={item} />
    <Fingerprints item={item} />
  </>
);

const Identity = ({ item }: { item: ViewedItem }) => {
  const { subject, issuer, serial, validity, version, crl } = item;
  if (!subject && !issuer && !serial && !validity && !version && !crl) return null;
  const selfIssued = subject && issuer && subject.der === issuer.der;
  return (
    <dl className="facts">
      {subject ? <Fact name="Subject" value={subject.text} copy="Subject" /> : null}
      {issuer ? (
        <Fact
          name="Issuer"
          value={selfIssued ? "itself (self-issued)" : issuer.text}
          copy={selfIssued ? null : "Issuer"}
        />
      ) : null}
      {validity ? (
        <Fact name="Valid">
          {validity.notBefore} to {validity.notAfter}{" "}
          <Badge look={validity.state === "valid" ? "good" : "danger"}>{validityWords(validity)}</Badge>
        </Fact>
      ) : null}
      {crl ? (
        <>
          <Fact name="This update" value={crl.thisUpdate ?? "not readable"} />
          <Fact name="Next update" value={crl.nextUpdate ?? "not said"} />
        </>
      ) : null}
      {serial ? (
        <Fact name="Serial number" copy="Serial number" value={serial.hex}>
          <code>{serial.hex}</code> <span className="muted">decimal {serial.decimal}</span>
        </Fact>
      ) : null}
      {version ? <Fact name="Version" value={version} /> : null}
    </dl>
  );
};

const Key = ({ item: { publicKey } }: { item: ViewedItem }) =>
  publicKey ? (
    <section aria-label="Public key">
      <h3>Public key</h3>
      <dl className="facts">
        <Fact name="Type" value={publicKey.words} />
        {publicKey.words.startsWith("EC")
          ? null
          : publicKey.algorithm.parameters.map(({ name, value }) => <Fact key={name} name={name} value={value} />)}
        {publicKey.facts.map(({ name, value }) => (
          <Fact key={name} name={name}>
            <Bytes text={value} />
          </Fact>
        ))}
      </dl>
    </section>
  ) : null;

const Signature = ({ item: { signature } }: { item: ViewedItem }) =>
  signature ? (
    <section aria-label="Signature">
      <h3>Signature</h3>
      <dl className="facts">
        <Fact name="Algorithm">
          {signature.algorithm.name} <span className="muted">{signature.algorithm.oid}</span>
        </Fact>
        {signature.algorithm.parameters.map(({ name, value }) => (
          <Fact key={name} name={name} value={value} />
        ))}
        <Fact name="Check">
          {signature.check && signature.check.good !== null ? (
            <Badge look={signature.check.good ? "good" : "danger"}>{signature.check.good ? "good" : "not good"}</Badge>
          ) : null}{" "}
          {signatureWords(signature)}
        </Fact>
        <Fact name="Bytes">
          <Bytes text={colonHex(signature.hex)} />
        </Fact>
      </dl>
    </section>
  ) : null;

const Fingerprints = ({ item: { fingerprints } }: { item: ViewedItem }) =>
  fingerprints.length > 0 ? (
    <section aria-label="Fingerprints">
      <h3>Fingerprints</h3>
      <dl className="facts">
        {fingerprints.map(({ name, value }) => (
          <Fact key={name} name={name} copy={name} value={value}>
            <code>{value}</code>
          </Fact>
        ))}
      </dl>
    </section>
  ) : null;

/** Bytes as digits; long ones are opened on demand. */
const Bytes = ({ text }: { text: string }) =>
  text.length <= 200 ? (
    <code>{text}</code>
  ) : (
    <details className="view-bytes">
      <summary>
        <code>{text.slice(0, 96)}…</code>
      </summary>
      <code>{text}</code>
    </details>
  );

/** @param properties.copy what a button copies, by name; without it there is none */
const Fact = (properties: { name: string; value?: string; copy?: string | null; children?: ReactNode }) => {
  const { name, value = "", copy, children } = properties;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {children ?? value}
        {copy ? (
          <>
            {" "}
            <Button small label={`Copy ${copy}`} onPress={() => void copyText(value, copy)}>
              Copy
            </Button>
          </>
        ) : null}
      </dd>
    </>
  );
};
