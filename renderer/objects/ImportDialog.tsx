import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, errorOf } from "../client/call.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Notice } from "../ui/notices.tsx";
import { TextArea } from "../ui/TextArea.tsx";
import { toast } from "../ui/toasts.tsx";
import { base64OfFile, base64OfText } from "./bytes.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import { ImportSource, type Source } from "./ImportSource.tsx";
import { type Chosen, commandItems, itemsOf } from "./importing.ts";
import type { Address } from "./tasks.ts";
import { countWords } from "./words.ts";

interface Content {
  key: string;
  fileName: string;
  content: string;
}

/** Files or pasted text: what is in them, how it fits the token, and which of it is to be written. */
export const ImportDialog = (properties: {
  address: Address;
  files: File[];
  tokenRow: TokenRow;
  onDone(handles: string[]): void;
  onClose(): void;
}) => {
  const { address, tokenRow, onDone, onClose } = properties;
  const [contents, setContents] = useState<Content[]>([]);
  const [sources, setSources] = useState<Record<string, Source>>({});
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const [written, setWritten] = useState<Record<string, string[]>>({});
  const [progress, setProgress] = useState("");
  const add = useAdd(properties.files, setContents);

  const ready = contents.flatMap((content) => {
    const source = sources[content.key];
    const items = source ? itemsOf(source.chosen) : [];
    return source && items.length > 0 ? [{ content, source, items }] : [];
  });
  const action = useMutation({
    mutationFn: async () => {
      const handles: Record<string, string[]> = { ...written };
      for (const { content, source, items } of ready) {
        if (handles[content.key]) continue;
        const reply = await call(
          "objects.import",
          {
            ...address,
            fileName: content.fileName,
            content: content.content,
            ...(source.password ? { password: source.password } : {}),
            items,
            allowDuplicate,
          },
          ({ done, of }) => setProgress(`${content.fileName}: ${done} of ${of}`),
        );
        handles[content.key] = reply.written.map(({ object }) => object.handle);
        setWritten({ ...handles });
      }
      return Object.values(handles).flat();
    },
    onSuccess: (handles) => {
      toast({
        title: `${countWords(handles.length, "object")} written`,
        text: "Read back and compared.",
        look: "good",
      });
      onDone(handles);
      onClose();
    },
  });
  const count = ready.reduce((sum, { items }) => sum + items.length, 0);
  const invalid = Object.values(sources).some(({ chosen }) => Object.values(chosen).some(hasProblem));
  const error = action.error ? errorOf(action.error) : null;
  const [first] = ready;
  return (
    <Dialog
      title="Import file"
      action={count > 0 ? `Write ${countWords(count, "object")}` : "Write"}
      wide
      onAction={() => action.mutate()}
      actionDisabled={count === 0 || invalid}
      onClose={onClose}
      busy={action.isPending}
      busyText={progress || "Writing and reading back"}
      error={error}
    >
      {tokenRow.loginRequired && tokenRow.login !== "user" ? (
        <Notice>
          <p>
            Nobody is logged in: private keys cannot be written, and matching private keys on the token are not seen.
          </p>
        </Notice>
      ) : null}
      <Choose
        started={contents.length > 0}
        onFiles={(files) => void add(files)}
        onText={(text) =>
          setContents((old) => [
            ...old,
            { key: `text ${old.length}`, fileName: "pasted.pem", content: base64OfText(text) },
          ])
        }
      />
      {contents.map(({ key, fileName, content }) => (
        <ImportSource
          key={key}
          address={address}
          fileName={fileName}
          content={content}
          done={written[key] !== undefined}
          onSource={(source) => setSources((old) => ({ ...old, [key]: source }))}
          onRemove={() => {
            setContents((old) => old.filter((one) => one.key !== key));
            setSources(({ [key]: _gone, ...rest }) => rest);
          }}
        />
      ))}
      <DuplicateConsent error={error} value={allowDuplicate} onChange={setAllowDuplicate} />
      {first ? (
        <EquivalentCommands
          request="objects.import"
          input={{ ...address, fileName: first.content.fileName, items: commandItems(first.source.chosen) }}
        />
      ) : null}
    </Dialog>
  );
};

const hasProblem = ({ wanted, idProblem }: Chosen): boolean => wanted && idProblem !== null;

/** Files given at the start, and those that are chosen later, as contents. */
const useAdd = (initial: File[], setContents: (change: (old: Content[]) => Content[]) => void) => {
  const add = async (files: File[]) => {
    const read = await Promise.all(
      files.map(async (file) => ({ fileName: file.name, content: await base64OfFile(file) })),
    );
    setContents((old) => [...old, ...read.map((one, i) => ({ ...one, key: `${one.fileName} ${old.length + i}` }))]);
  };
  const [started, setStarted] = useState(false);
  if (!started) {
    setStarted(true);
    void add(initial);
  }
  return add;
};

const Choose = (properties: { started: boolean; onFiles(files: File[]): void; onText(text: string): void }) => {
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
