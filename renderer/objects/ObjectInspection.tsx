import { useEffect, useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { writeProtectedWords } from "../tokens/tasks.ts";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { Menu } from "../ui/Menu.tsx";
import { Badge, Notice } from "../ui/notices.tsx";
import { useNow } from "../ui/useNow.ts";
import { countWords } from "../ui/words.ts";
import { AttributeLens } from "./AttributeLens.tsx";
import { ClassIcon } from "./ClassIcon.tsx";
import { colonHex, uriId } from "./ids.ts";
import { ExpiryWords } from "./ObjectLine.tsx";
import { type Address, canRequest, canSave, canSign, type ObjectTask } from "./tasks.ts";
import { useTrusting } from "./useTrusting.ts";
import { canView, useViewing } from "./useViewing.ts";
import { WriteProtected } from "./WriteProtected.tsx";
import { badgesOf, classWord, expiryOf, keyWords, noLabelWords } from "./words.ts";

/** Milliseconds that an object stays chosen before its attributes are asked for, so that running through rows is free. */
const settle = 120;

/** One object: what it is, what can be done with it, and every attribute. */
export const ObjectInspection = (properties: {
  address: Address;
  row: ObjectRow;
  writeProtected: boolean;
  onTask(task: ObjectTask): void;
}) => {
  const { address, row, writeProtected, onTask } = properties;
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), settle);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="inspection">
      <header>
        <ClassIcon name={row.class} />
        <h2>{row.label || <span className="muted">{noLabelWords(row)}</span>}</h2>
      </header>
      <p className="muted">
        {[classWord(row), keyWords(row), row.application].filter(Boolean).join(", ")}
        {row.notAfter ? <Validity row={row} /> : null}
      </p>
      <Badges row={row} />
      <Actions address={address} row={row} writeProtected={writeProtected} onTask={onTask} />
      {writeProtected ? <WriteProtected /> : null}
      <Identity row={row} />
      {row.unreadable.length > 0 ? (
        <Notice look="warn" title={`${countWords(row.unreadable.length, "attribute")} not readable`}>
          {row.unreadable.map(({ attribute, rv }) => (
            <p key={attribute}>
              <code>{attribute}</code> {rv}
            </p>
          ))}
        </Notice>
      ) : null}
      {settled ? (
        <AttributeLens address={address} row={row} writeProtected={writeProtected} onTask={onTask} />
      ) : (
        <section className="lens" />
      )}
    </div>
  );
};

/** ", valid until 2027-01-01", ", expired 2020-01-01". */
const Validity = ({ row }: { row: ObjectRow }) => {
  const expiry = expiryOf(row, useNow(row));
  const before = { none: "", valid: "valid until ", soon: "expires ", expired: "", "not yet": "valid " }[expiry.state];
  return (
    <>
      , {before}
      <ExpiryWords expiry={expiry} />
    </>
  );
};

/** Flags that are not badges in the table, but belong to the picture of a key. */
const furtherFlags = ["private", "sensitive", "never-extractable", "local"];

const Badges = ({ row }: { row: ObjectRow }) => {
  const badges = badgesOf(row);
  const further = row.flags.filter((flag) => furtherFlags.includes(flag));
  if (badges.length + further.length === 0) return null;
  return (
    <div className="badges">
      {badges.map(({ text, look, title }) => (
        <Badge key={text} look={look} title={title}>
          {text}
        </Badge>
      ))}
      {further.map((flag) => (
        <Badge key={flag}>{flag}</Badge>
      ))}
    </div>
  );
};

const Actions = (properties: {
  address: Address;
  row: ObjectRow;
  writeProtected: boolean;
  onTask(task: ObjectTask): void;
}) => {
  const { row, writeProtected, onTask } = properties;
  const view = useViewing(properties.address);
  const trust = useTrusting(properties.address);
  const fixed = writeProtected || !row.modifiable;
  return (
    <div className="inspection-actions">
      {canView(row) ? (
        <Button small label={`View ${classWord(row)}`} onPress={() => void view([row])}>
          View
        </Button>
      ) : null}
      <Button small onPress={() => onTask({ kind: "rename", row })} disabled={fixed}>
        Rename
      </Button>
      <Button small onPress={() => onTask({ kind: "id", row })} disabled={fixed || row.class === "data"}>
        Change CKA_ID
      </Button>
      {canSave(row) ? (
        <Button small onPress={() => onTask({ kind: "save", rows: [row] })}>
          Save…
        </Button>
      ) : null}
      <Menu
        title="More"
        label="More for this object"
        small
        entries={[
          ...(canView(row)
            ? [
                {
                  id: "trust",
                  title: "Trust elsewhere…",
                  description: "Into a trust store of another program",
                  onAction: () => void trust([row]),
                },
              ]
            : []),
          ...(canSign(row)
            ? [
                {
                  id: "test",
                  title: "Test signature…",
                  description: "Signs random bytes, checks in software",
                  onAction: () => onTask({ kind: "testSignature", row }),
                },
              ]
            : []),
          ...(canRequest(row)
            ? [
                {
                  id: "request",
                  title: "Request a certificate…",
                  description: "A request (PKCS#10) for a CA",
                  onAction: () => onTask({ kind: "request", row }),
                },
                {
                  id: "selfSign",
                  title: "Self-signed certificate…",
                  description: "For this key; the key stays on the token",
                  onAction: () => onTask({ kind: "selfSign", row }),
                },
                {
                  id: "issue",
                  title: "Issue a certificate…",
                  description: "As a CA: this key signs a request",
                  onAction: () => onTask({ kind: "issue", row }),
                },
              ]
            : []),
          ...(row.class === "privateKey"
            ? [
                {
                  id: "reply",
                  title: "Take a certificate reply…",
                  description: "What a CA sent for this key",
                  onAction: () => onTask({ kind: "reply", files: [] }),
                  disabled: writeProtected,
                  why: writeProtectedWords,
                },
              ]
            : []),
          {
            id: "copy",
            title: "Copy object…",
            description: "Under another label or CKA_ID",
            onAction: () => onTask({ kind: "copy", row }),
            disabled: writeProtected,
            why: writeProtectedWords,
          },
        ]}
      />
      <Button small look="danger" onPress={() => onTask({ kind: "delete", rows: [row] })} disabled={writeProtected}>
        Delete…
      </Button>
    </div>
  );
};

/** How other programs are told which object is meant. */
const Identity = ({ row }: { row: ObjectRow }) => (
  <dl className="facts identity">
    <dt>CKA_ID</dt>
    <dd>
      {row.id ? (
        <>
          <code>{colonHex(row.id)}</code>
          <span className="copy-buttons">
            <Button small label="Copy CKA_ID as plain digits" onPress={() => void copyText(row.id, "CKA_ID")}>
              Copy
            </Button>
            <Button
              small
              label="Copy aa:bb: CKA_ID with colons"
              onPress={() => void copyText(colonHex(row.id), "CKA_ID")}
            >
              Copy aa:bb
            </Button>
            <Button
              small
              label="Copy id=%AA: CKA_ID as in a URI"
              onPress={() => void copyText(uriId(row.id), "CKA_ID")}
            >
              Copy id=%AA
            </Button>
          </span>
        </>
      ) : (
        <span className="muted">{row.class === "data" ? "data objects have none" : "empty"}</span>
      )}
    </dd>
    <dt>URI</dt>
    <dd>
      <code>{row.uri}</code>
      <span className="copy-buttons">
        <Button small label="Copy URI" onPress={() => void copyText(row.uri, "URI")}>
          Copy
        </Button>
      </span>
    </dd>
    {row.subject ? (
      <>
        <dt>Subject</dt>
        <dd>{row.subject}</dd>
        <dt>Issuer</dt>
        <dd>{row.issuer === row.subject ? "itself (self-signed)" : (row.issuer ?? "not readable")}</dd>
        <dt>Valid</dt>
        <dd>
          {row.notBefore?.slice(0, 10) ?? "?"} to {row.notAfter?.slice(0, 10) ?? "?"}
        </dd>
        <dt>Serial number</dt>
        <dd className="mono">{row.serialNumber}</dd>
      </>
    ) : null}
  </dl>
);
