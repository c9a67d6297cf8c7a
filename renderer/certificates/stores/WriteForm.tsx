import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { StoreEntry, StoreFormat } from "../../../preload/contract/truststores.ts";
import { useRequest } from "../../client/queries.ts";
import { useExportFolder } from "../../client/useExportFolder.ts";
import { Button } from "../../ui/Button.tsx";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { SecretField, Select, TextField } from "../../ui/fields.tsx";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { useAction } from "../../ui/useAction.ts";
import { isConfirmed } from "./confirm.ts";
import { type NssTrust, NssTrustFields, serversOnly } from "./NssTrustFields.tsx";

type Format = Output<"truststores.formats">["formats"][number];
type Mode = "new" | "add" | "replace";
export type Written = Output<"truststores.write">;

const modes: { value: Mode; title: string; words: string }[] = [
  { value: "new", title: "A new store", words: "Nothing is there yet." },
  { value: "add", title: "Add to a store", words: "What is in it stays; a copy of it is kept." },
  { value: "replace", title: "Replace its certificates", words: "Those in it go; a copy of it is kept." },
];

/** Which store, where, and how it is written. */
export const WriteForm = (properties: {
  entries: readonly StoreEntry[];
  confirmations: Readonly<Record<string, string>>;
  onWritten(written: Written): void;
}) => {
  const { entries } = properties;
  const formats = useRequest("truststores.formats", {});
  const programs = useRequest("truststores.programs", {});
  const { folder, remember } = useExportFolder("~");
  const [program, setProgram] = useState("any");
  const [chosen, setChosen] = useState<StoreFormat | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [mode, setMode] = useState<Mode>("new");
  const [password, setPassword] = useState("");
  const [trust, setTrust] = useState<NssTrust>(serversOnly);
  const write = useAction("truststores.write", (value) => {
    setPassword("");
    void remember();
    properties.onWritten(value);
  });
  if (!formats.data || !programs.data) return <Elapsed />;
  const asked = programs.data.programs.find((one) => one.program === program);
  const holds = entries.some(({ kind }) => kind === "publicKey") ? "publicKeys" : "certificates";
  const fitting = formats.data.formats.filter(
    (one) => one.holds === holds && (!asked || asked.formats.includes(one.format)),
  );
  const format = fitting.find((one) => one.format === chosen) ?? fitting[0];
  const path = typed ?? (format ? `${folder}/${format.fileName}` : "");
  const why = whyNot({ ...properties, format, password });
  const blocked = why !== null || write.busy;
  const run = (createFolder: boolean) => {
    if (!format || blocked) return;
    write.run({
      format: format.format,
      path,
      mode,
      createFolder,
      entries: entries.map(({ alias, content, kind }) => ({ alias, content, kind })),
      confirmed: entries.filter(({ fromHandshake }) => fromHandshake).map(({ sha256 }) => sha256),
      ...(format.password === "none" ? {} : { password }),
      ...(format.format === "nss" ? { nss: trust } : {}),
    });
  };
  return (
    <form
      className="store-form"
      onSubmit={(event) => {
        event.preventDefault();
        run(false);
      }}
    >
      <Select
        label="Which program is to trust them?"
        value={program}
        choices={[
          { value: "any", title: "Any: I know the kind of store" },
          ...programs.data.programs.map(({ program: value, title, trustStore }) => ({
            value,
            title,
            description: trustStore,
          })),
        ]}
        onChange={(value) => {
          setProgram(value);
          setTyped(null);
        }}
      />
      {asked ? (
        <dl className="store-program">
          <dt>Its key store</dt>
          <dd>{asked.keyStore}</dd>
          <dt>Its trust store</dt>
          <dd>{asked.trustStore}</dd>
          <dt>Why</dt>
          <dd>{asked.why}</dd>
          <dt>Where it looks</dt>
          <dd>{asked.place}</dd>
        </dl>
      ) : null}
      {format ? (
        <Select
          label="Kind of store"
          value={format.format}
          choices={fitting.map(({ format: value, title, words }) => ({ value, title, description: words }))}
          onChange={(value) => {
            setChosen(value);
            setTyped(null);
          }}
          hint={format.words}
        />
      ) : (
        <Notice look="warn">
          <p>
            This program takes {holds === "publicKeys" ? "certificates" : "public keys"}, and{" "}
            {holds === "publicKeys" ? "public keys" : "certificates"} were chosen.
          </p>
        </Notice>
      )}
      <RadioCards<Mode> label="New or not" value={mode} cards={modes} onChange={setMode} />
      <TextField
        label={format?.folder ? "Folder" : "File"}
        value={path}
        onChange={setTyped}
        mono
        hint="The whole path; ~/ is your own folder."
      />
      {format && format.password !== "none" ? (
        <SecretField
          label="Password of the store"
          value={password}
          onChange={setPassword}
          hint="It guards against changes. There are public certificates only in the store, so nothing in it is secret."
        />
      ) : null}
      {format?.format === "nss" ? <NssTrustFields value={trust} onChange={setTrust} /> : null}
      {write.error ? (
        <ErrorNotice error={write.error}>
          {write.error.code === "FOLDER_MISSING" ? (
            <Button small disabled={blocked} onPress={() => run(true)}>
              Create the folder and write
            </Button>
          ) : null}
        </ErrorNotice>
      ) : null}
      <p className="store-write">
        <Button type="submit" look="primary" disabled={blocked}>
          Write and read back
        </Button>
        {write.busy ? (
          <span className="muted">
            Writing, and asking its readers <Elapsed />
          </span>
        ) : (
          <span className="muted">{why ?? "Its readers are asked before it takes its place."}</span>
        )}
      </p>
    </form>
  );
};

/** Why it cannot be written yet, in words; null if it can. */
const whyNot = (here: {
  entries: readonly StoreEntry[];
  confirmations: Readonly<Record<string, string>>;
  format: Format | undefined;
  password: string;
}): string | null => {
  const { entries, format, password, confirmations } = here;
  if (!format) return "Choose another program or other entries.";
  if (!format.available) return `${format.needs} is needed to write it, and is not installed.`;
  if (format.one && entries.length !== 1) return "It holds exactly one certificate.";
  if (new Set(entries.map(({ kind }) => kind)).size > 1)
    return "Certificates and bare public keys do not go into one store.";
  if (entries.some((entry) => entry.fromHandshake && !isConfirmed(entry.sha256, confirmations[entry.sha256] ?? "")))
    return "A fingerprint is not confirmed yet.";
  if (format.password === "needed" && password.length < 6)
    return "Choose a password of at least 6 characters (Java's rule).";
  return null;
};
