import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { Button } from "../ui/Button.tsx";
import { TextArea } from "../ui/TextArea.tsx";

/** Where the files of an import come from: a dialog, dropping, or pasted text. */
export const ImportChoose = (properties: {
  started: boolean;
  onFiles(files: File[]): void;
  onText(text: string): void;
}) => {
  const [text, setText] = useState("");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button in it is the first
    <div
      className={`import-choose ${properties.started ? "started" : ""}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        properties.onFiles([...event.dataTransfer.files]);
      }}
    >
      <p>
        <FileTrigger allowsMultiple onSelect={(files) => files && properties.onFiles([...files])}>
          <Button>{properties.started ? "Another file…" : "Choose files…"}</Button>
        </FileTrigger>
        <span className="muted">
          {" "}
          or drop them here. Certificates (PEM, DER, PKCS#7), public keys, private keys (PKCS#8, PKCS#1, SEC1), PKCS#12.
        </span>
      </p>
      {properties.started ? null : (
        <>
          <TextArea
            label="Or paste PEM text"
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
