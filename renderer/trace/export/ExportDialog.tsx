import { useState } from "react";
import type { Input, Output } from "../../../preload/contract/index.ts";
import { useExportFolder } from "../../client/useExportFolder.ts";
import { Button } from "../../ui/Button.tsx";
import { copyText } from "../../ui/copy.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Checkbox, type Choice, Select, TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/notices.tsx";
import { useAction } from "../../ui/useAction.ts";
import { countWords, fileName, sizeWords } from "../../ui/words.ts";
import type { OpenedTrace } from "../opened.ts";

type Format = NonNullable<Input<"trace.export">["format"]>;

const formats: (Choice<Format> & { ending: string })[] = [
  {
    value: "same",
    title: "The log itself, masked",
    description: "In its own dialect, every byte in its place: fit to be posted in an issue",
    ending: "",
  },
  { value: "jsonl", title: "JSON Lines", description: "A decoded record a line, for programs", ending: ".jsonl" },
  { value: "csv", title: "CSV", description: "A row a line, for spreadsheets", ending: ".csv" },
  {
    value: "chrome",
    title: "Chrome trace",
    description: "For Perfetto and chrome://tracing",
    ending: ".trace.json",
  },
];

/** A copy to be given to others: what is secret is masked in every format. */
export const ExportDialog = ({ trace, onClose }: { trace: OpenedTrace; onClose(): void }) => {
  const [format, setFormat] = useState<Format>("same");
  const [filtered, setFiltered] = useState(false);
  const [pseudonymise, setPseudonymise] = useState(false);
  const { folder, setFolder, remember } = useExportFolder("~");
  const [typedName, setName] = useState<string | null>(null);
  const [saved, setSaved] = useState<Output<"trace.export"> | null>(null);
  const action = useAction("trace.export", (written) => {
    setSaved(written);
    void remember();
  });
  const name = typedName ?? nameFor(trace, format);
  const path = `${folder.trim().replace(/[/\\]+$/, "")}/${name.trim()}`;
  const exists = action.error?.code === "FILE_EXISTS";
  const run = (overwrite: boolean) => {
    const filter = filtered ? trace.filter : "";
    action.run({ trace: trace.id, format, filter, pseudonymise, path, overwrite });
  };
  if (saved) return <Exported result={saved} onClose={onClose} />;
  return (
    <Dialog
      title={`Export ${trace.title}`}
      action="Export"
      onAction={() => run(false)}
      actionDisabled={name.trim() === "" || folder.trim() === "" || exists}
      onClose={onClose}
      busy={action.busy}
      busyText="Writing"
      error={exists ? null : action.error}
      notice={
        exists ? (
          <Notice look="warn" title="There is a file of this name already. Nothing was written.">
            <p>
              <code>{path}</code>
            </p>
            <p>
              <Button small onPress={() => run(true)}>
                Replace it
              </Button>
            </p>
          </Notice>
        ) : null
      }
    >
      <Notice>
        <p>PINs, secret keys and whatever else may be secret are masked. At the end it is said what.</p>
      </Notice>
      <Select<Format>
        label="Format"
        value={format}
        choices={formats}
        onChange={(value) => {
          setFormat(value);
          setName(null);
          action.reset();
        }}
        hint={formats.find(({ value }) => value === format)?.description ?? ""}
      />
      {trace.filter === "" ? null : (
        <Checkbox label="Only rows that pass the filter" hint={trace.filter} value={filtered} onChange={setFiltered} />
      )}
      <Checkbox
        label="Replace names"
        hint="Serial numbers, labels, names in certificates and paths become stand-ins of the same length; the same name gets the same one."
        value={pseudonymise}
        onChange={setPseudonymise}
      />
      <TextField
        label="Folder"
        value={folder}
        onChange={(text) => {
          setFolder(text);
          action.reset();
        }}
        hint="~/ is your own folder."
        mono
      />
      <TextField
        label="File name"
        value={name}
        onChange={(text) => {
          setName(text);
          action.reset();
        }}
        mono
      />
    </Dialog>
  );
};

const nameFor = (trace: OpenedTrace, format: Format): string => {
  const source = fileName(trace.files[0]?.path ?? trace.title).replace(/\.(gz|xz|zst)$/, "") || "trace";
  const ending = formats.find(({ value }) => value === format)?.ending ?? "";
  const [own = ""] = /(\.p11\.jsonl|\.[A-Za-z]\w*)?$/.exec(source) ?? [];
  const stem = source.slice(0, source.length - own.length);
  return ending === "" ? `${stem}-masked${own || ".log"}` : `${stem}${ending}`;
};

const Exported = ({ result, onClose }: { result: Output<"trace.export">; onClose(): void }) => (
  <Dialog title="Exported" onClose={onClose}>
    <Notice look="good">
      <p className="saved-path">
        <code>{result.path}</code>
        <span className="muted">
          {countWords(result.records, "record")}, {sizeWords(result.bytes)}
        </span>
        <Button small label={`Copy path ${result.path}`} onPress={() => void copyText(result.path, "Path")}>
          Copy path
        </Button>
      </p>
    </Notice>
    {result.masked.length === 0 ? (
      <p>Nothing had to be masked.</p>
    ) : (
      <section className="section">
        <h2>Masked</h2>
        <dl className="facts">
          {result.masked.map(({ what, count: times }) => (
            <div key={what} className="masked-line">
              <dt>{what}</dt>
              <dd>{countWords(times, "time")}</dd>
            </div>
          ))}
        </dl>
      </section>
    )}
    <p className="muted">Read it before you post it: no rule knows what else is private to you.</p>
  </Dialog>
);
