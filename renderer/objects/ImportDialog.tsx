import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { errorOf } from "../client/call.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { countWords } from "../ui/words.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import { ImportChoose } from "./ImportChoose.tsx";
import { ImportSource } from "./ImportSource.tsx";
import { type ImportFile, planOf, unopenedWords } from "./import-files.ts";
import { commandItems } from "./importing.ts";
import { LoginButton } from "./LoginButton.tsx";
import type { Address } from "./tasks.ts";
import { useImportFiles, type Written } from "./useImportFiles.ts";

/** Files or pasted text: what is in them, how it fits the token, and which of it is to be written. */
export const ImportDialog = (properties: {
  address: Address;
  files: File[];
  tokenRow: TokenRow;
  onLogin(): void;
  onDone(handles: string[]): void;
  onClose(): void;
}) => {
  const { address, tokenRow, onDone, onClose } = properties;
  const { files, ...imports } = useImportFiles(address, tokenRow.login, properties.files);
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const [progress, setProgress] = useState("");
  const { ready, count, unopened, opening, problem, written, refused, idle } = planOf(files);
  const action = useMutation({
    mutationFn: () => imports.write(allowDuplicate, setProgress),
    onSuccess: (result) => {
      tell(result);
      onDone([...written.flatMap(({ handles }) => handles), ...result.written.map(({ object }) => object.handle)]);
      if (result.complete) onClose();
    },
  });
  const taken = refused.find(({ error }) => error?.code === "ALREADY_USED")?.error ?? null;
  const [first] = ready;
  const unopenedTogether = files.length > 1 && unopened.length > 0;
  const refusedNow = refused.length > 0 && !action.isPending;
  return (
    <Dialog
      title="Import file"
      action={count > 0 ? `Write ${countWords(count, "object")}` : "Write"}
      closing={written.length > 0 ? "Close" : undefined}
      wide
      onAction={() => action.mutate()}
      actionDisabled={count === 0 || problem || opening || unopened.length > 0}
      onClose={onClose}
      busy={action.isPending}
      busyText={progress || "Writing and reading back"}
      error={action.error ? errorOf(action.error) : null}
      notice={
        unopenedTogether || refusedNow ? (
          <>
            {unopenedTogether ? (
              <NotOpened
                unopened={unopened}
                of={files.length}
                onRemove={() => {
                  for (const { key } of unopened) imports.remove(key);
                }}
              />
            ) : null}
            {refusedNow ? <Refused refused={refused} of={files.length} /> : null}
          </>
        ) : null
      }
    >
      <LoginHint tokenRow={tokenRow} onLogin={properties.onLogin} />
      <ImportChoose started={files.length > 0} onFiles={imports.addFiles} onText={imports.addText} />
      {files.map((file) => (
        <ImportSource
          key={file.key}
          file={file}
          busy={action.isPending}
          onOpen={(password) => imports.open(file.key, password)}
          onChange={(chosen) => imports.change(file.key, chosen)}
          onRemove={() => imports.remove(file.key)}
        />
      ))}
      <DuplicateConsent error={taken} value={allowDuplicate} onChange={setAllowDuplicate} />
      {first ? (
        <EquivalentCommands
          request="objects.import"
          input={{ ...address, fileName: first.fileName, items: commandItems(first.chosen) }}
        />
      ) : null}
      {idle.length > 0 && count > 0 ? <p className="muted">Nothing is chosen in {names(idle)}.</p> : null}
    </Dialog>
  );
};

const names = (files: ImportFile[]): string => files.map(({ fileName }) => fileName).join(", ");

const tell = ({ written }: Written): void => {
  if (written.length === 0) return;
  const warnings = written.flatMap((one) => one.warnings);
  toast({
    title: `${countWords(written.length, "object")} written`,
    text: ["Read back and compared.", ...warnings].join(" "),
    look: warnings.length > 0 ? "warn" : "good",
  });
};

const LoginHint = ({ tokenRow, onLogin }: { tokenRow: TokenRow; onLogin(): void }) =>
  tokenRow.loginRequired && tokenRow.login !== "user" ? (
    <Notice>
      <p>
        {tokenRow.login === "so" ? "The SO is logged in" : "Nobody is logged in"}: private keys cannot be written.{" "}
        <LoginButton small token={tokenRow} onLogin={onLogin} />
      </p>
    </Notice>
  ) : null;

const NotOpened = (properties: { unopened: ImportFile[]; of: number; onRemove(): void }) => (
  <Notice look="warn" title={unopenedWords(properties.unopened.length, properties.of)}>
    <p>
      {names(properties.unopened)}. Open {properties.unopened.length === 1 ? "it" : "them"}, or take{" "}
      {properties.unopened.length === 1 ? "it" : "them"} out, before the others are written.{" "}
      <Button small onPress={properties.onRemove}>
        Remove {properties.unopened.length === 1 ? "it" : `these ${properties.unopened.length}`}
      </Button>
    </p>
  </Notice>
);

const Refused = ({ refused, of }: { refused: ImportFile[]; of: number }) => (
  <Notice look="danger" title={`${refused.length} of ${countWords(of, "file")} not written`}>
    <p>{names(refused)}. The reason stands at each; change what is wrong and write again, or remove it.</p>
  </Notice>
);
