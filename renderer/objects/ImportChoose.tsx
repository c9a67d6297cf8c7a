import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { Button } from "../ui/Button.tsx";
import { TextArea } from "../ui/TextArea.tsx";
import { useDrop } from "../ui/useDrop.ts";

/** Where the files of an import come from: a dialog, dropping, or pasted text. */
export const ImportChoose = (properties: {
  started: boolean;
  onFiles(files: File[]): void;
  onText(text: string): void;
  /** Whether several files can be taken at once. */
  multiple?: boolean;
  /** What may be dropped. */
  words?: string;
  textLabel?: string;
}) => {
  const { multiple = true } = properties;
  const [text, setText] = useState("");
  const drop = useDrop(properties.onFiles);
  return (
    <div className={`import-choose ${properties.started ? "started" : ""}`} {...drop.handlers}>
      <p>
        <FileTrigger allowsMultiple={multiple} onSelect={(files) => files && properties.onFiles([...files])}>
          <Button>{properties.started ? "Another file…" : multiple ? "Choose files…" : "Choose a file…"}</Button>
        </FileTrigger>
        <span className="muted">
          {" "}
          {properties.words ??
            "or drop them here. Certificates (PEM, DER, PKCS#7), public keys, private keys (PKCS#8, PKCS#1, SEC1), PKCS#12."}
        </span>
      </p>
      {properties.started ? null : (
        <>
          <TextArea
            label={properties.textLabel ?? "Or paste PEM text"}
            value={text}
            onChange={setText}
            rows={4}
            placeholder="-----BEGIN CERTIFICATE-----"
            mono
          />
          <p>
            <Button onPress={() => properties.onText(text)} disabled={text.trim() === ""}>
              Look at the text
            </Button>
          </p>
        </>
      )}
    </div>
  );
};
