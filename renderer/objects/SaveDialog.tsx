import { useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { call } from "../client/call.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { type Choice, Select } from "../ui/fields.tsx";
import { countWords } from "../ui/words.ts";
import { Saved } from "./Saved.tsx";
import { SaveFolder, savingNotice } from "./SaveFolder.tsx";
import type { Address } from "./tasks.ts";
import { useSaving } from "./useSaving.ts";
import { keyOf, objectTitle, refOf } from "./words.ts";

type Format = "pem" | "der" | "openssh" | "raw";

const titles: Record<Format, Choice<Format>> = {
  pem: { value: "pem", title: "PEM", description: "Text between BEGIN and END lines; what most programs read" },
  der: { value: "der", title: "DER", description: "The same in binary" },
  openssh: { value: "openssh", title: "OpenSSH line", description: "For authorized_keys" },
  raw: { value: "raw", title: "As it is", description: "The bytes of the object, unchanged" },
};

const sshTypes = new Set(["RSA", "EC", "Ed25519"]);

/** Formats that fit all of the objects. */
const formatsFor = (rows: ObjectRow[]): Format[] => {
  if (rows.every((row) => row.class === "data")) return ["raw"];
  const ssh = rows.every((row) => row.class === "publicKey" && sshTypes.has(row.keyType ?? ""));
  return ssh ? ["pem", "der", "openssh"] : ["pem", "der"];
};

/** Writes public material to files. Data objects are always written as they are. */
export const SaveDialog = (properties: { address: Address; rows: ObjectRow[]; onClose(): void }) => {
  const { address, rows, onClose } = properties;
  const formats = formatsFor(rows);
  const [format, setFormat] = useState<Format>(formats[0] ?? "pem");
  const formatOf = (row: ObjectRow): Format => (row.class === "data" ? "raw" : format);
  const saving = useSaving(
    rows.map((row) => () => call("objects.read", { ...address, object: refOf(row), format: formatOf(row) })),
  );
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title={
        rows.length === 1 && rows[0] ? `Save ${objectTitle(rows[0])}` : `Save ${countWords(rows.length, "object")}`
      }
      action="Save"
      onAction={saving.start}
      actionDisabled={saving.missing !== null}
      onClose={onClose}
      busy={saving.busy}
      busyText="Reading and writing"
      error={saving.error}
      notice={savingNotice(saving)}
    >
      {formats.length > 1 ? (
        <Select<Format>
          label="Format"
          value={format}
          choices={formats.map((one) => titles[one])}
          onChange={setFormat}
        />
      ) : (
        <p className="muted">{titles[format].description}.</p>
      )}
      <SaveFolder saving={saving} />
      {rows[0] ? (
        <EquivalentCommands
          request="objects.read"
          input={{ ...address, object: keyOf(rows[0]), format: formatOf(rows[0]) }}
        />
      ) : null}
    </Dialog>
  );
};
