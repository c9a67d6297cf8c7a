import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { FilePassword } from "../ui/FilePassword.tsx";
import { Badge, ErrorNotice, Notice } from "../ui/notices.tsx";
import { ImportItemFields } from "./ImportItemFields.tsx";
import type { ImportFile } from "./import-files.ts";
import type { Chosen } from "./importing.ts";

/** One file: opened (with a password, if it has one), its items shown, then written. */
export const ImportSource = (properties: {
  file: ImportFile;
  /** While files are being written. */
  busy: boolean;
  onOpen(password: string): void;
  onChange(chosen: Chosen): void;
  onRemove(): void;
}) => {
  const { file, busy, onChange } = properties;
  const { fileName, state, error } = file;
  const written = state === "written";
  return (
    <section className="import-source" aria-label={fileName}>
      <header>
        <h3>{fileName}</h3>
        <span className="muted">{file.format}</span>
        {written ? <Badge look="good">written</Badge> : null}
        {state === "open" && error ? <Badge look="danger">not written</Badge> : null}
        <span className="spring" />
        {written ? null : (
          <Button small look="quiet" label={`Remove ${fileName}`} onPress={properties.onRemove} disabled={busy}>
            Remove
          </Button>
        )}
      </header>
      {state === "opening" ? (
        <p className="muted">
          Opening <Elapsed />
        </p>
      ) : null}
      {error && !(state === "locked" && error.code === "PASSWORD_NEEDED" && file.format === "") ? (
        <ErrorNotice error={error} />
      ) : null}
      {state === "locked" ? (
        <FilePassword
          fileName={fileName}
          hint="The file is encrypted. The password opens it and is forgotten at once; what is in it waits in the memory of the module's process to be written, ten minutes at most."
          onOpen={properties.onOpen}
        />
      ) : null}
      {state === "open" ? <Items file={file} onChange={onChange} /> : null}
    </section>
  );
};

const Items = ({ file, onChange }: { file: ImportFile; onChange(chosen: Chosen): void }) => {
  const items = Object.values(file.chosen);
  return (
    <>
      {file.warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      {items.length === 0 ? <p className="muted">Nothing in it can be written to a token.</p> : null}
      {items.map((chosen) => (
        <ImportItemFields key={chosen.item.index} chosen={chosen} onChosen={onChange} />
      ))}
    </>
  );
};
