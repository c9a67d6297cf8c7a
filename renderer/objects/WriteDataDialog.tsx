import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import { call, errorOf } from "../client/call.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Checkbox, TextField } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { TextArea } from "../ui/TextArea.tsx";
import { toast } from "../ui/toasts.tsx";
import { countWords } from "../ui/words.ts";
import { base64OfFile, base64OfText, bytesOfText } from "./bytes.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import type { Address } from "./tasks.ts";

/** A data object: a text or a file, kept on the token. */
export const WriteDataDialog = (properties: {
  address: Address;
  loggedIn: boolean;
  onDone(handles: string[]): void;
  onClose(): void;
}) => {
  const { address, loggedIn, onDone, onClose } = properties;
  const [label, setLabel] = useState("");
  const [application, setApplication] = useState("");
  const [objectId, setObjectId] = useState("");
  const [isPrivate, setPrivate] = useState(loggedIn);
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const size = file?.size ?? bytesOfText(text).length;
  const input = { ...address, label, application, objectId, private: isPrivate };
  const action = useMutation({
    mutationFn: async () =>
      call("objects.writeData", {
        ...input,
        content: file ? await base64OfFile(file) : base64OfText(text),
        allowDuplicate,
      }),
    onSuccess: ({ object, warnings }) => {
      toast({
        title: `Data object "${object.label}" written`,
        text: [`${countWords(size, "byte")}, read back and compared.`, ...warnings].join(" "),
        look: warnings.length > 0 ? "warn" : "good",
      });
      onDone([object.handle]);
      onClose();
    },
  });
  const error = action.error ? errorOf(action.error) : null;
  const wrongOid = objectId !== "" && !/^[0-2](\.\d+)+$/.test(objectId);
  return (
    <Dialog
      title="Write a data object"
      action="Write"
      onAction={() => action.mutate()}
      actionDisabled={label === "" || wrongOid}
      onClose={onClose}
      busy={action.isPending}
      busyText="Writing and reading back"
      error={error}
    >
      <TextField label="Label" value={label} onChange={setLabel} autoFocus />
      {file ? (
        <Notice title={file.name}>
          <p>
            {countWords(file.size, "byte")}{" "}
            <Button small onPress={() => setFile(null)}>
              Write a text instead
            </Button>
          </p>
        </Notice>
      ) : (
        <>
          <TextArea label="Text" value={text} onChange={setText} hint={`${countWords(size, "byte")} of UTF-8`} />
          <p>
            <FileTrigger
              onSelect={(files) => {
                const chosen = files?.[0];
                if (!chosen) return;
                setFile(chosen);
                if (label === "") setLabel(chosen.name);
              }}
            >
              <Button>Take a file instead…</Button>
            </FileTrigger>
          </p>
        </>
      )}
      <Checkbox
        label="Private"
        hint={loggedIn ? "seen only after login" : "(needs login) seen only after login"}
        value={isPrivate}
        onChange={setPrivate}
      />
      <TextField
        label="Application"
        value={application}
        onChange={setApplication}
        hint="CKA_APPLICATION, may be empty"
      />
      <TextField
        label="Object identifier"
        value={objectId}
        onChange={setObjectId}
        hint="CKA_OBJECT_ID, dotted, may be empty"
        problem={wrongOid ? "Numbers with dots, e.g. 1.3.6.1.4.1.1" : null}
        mono
      />
      <DuplicateConsent error={error} value={allowDuplicate} onChange={setAllowDuplicate} />
      <EquivalentCommands request="objects.writeData" input={input} />
    </Dialog>
  );
};
