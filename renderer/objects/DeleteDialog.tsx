import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Output } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { call, errorOf } from "../client/call.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { TextField } from "../ui/fields.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { countWords } from "../ui/words.ts";
import { colonHex, shortHex } from "./ids.ts";
import type { Address } from "./tasks.ts";
import { classCounts, keyWords, objectTitle, refOf, refTitle } from "./words.ts";

/** Objects that are listed; of more, the classes are counted. */
const listed = 200;
/** Equivalent commands that are shown: one an object. */
const commands = 20;

/** C_DestroyObject. What will be deleted is read again from the token before it is shown. */
export const DeleteDialog = (properties: { address: Address; rows: ObjectRow[]; onClose(): void }) => {
  const { address, onClose } = properties;
  const refs = properties.rows.map(refOf);
  const [typed, setTyped] = useState("");
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const [result, setResult] = useState<Output<"objects.delete"> | null>(null);
  const input = { ...address, objects: refs };
  const preview = useQuery({
    queryKey: ["objects.deletePreview", input],
    queryFn: () => call("objects.deletePreview", input),
    gcTime: 0,
  });
  const action = useAction(
    "objects.delete",
    (reply) => {
      if (reply.failed) return setResult(reply);
      toast({ title: `${countWords(reply.deleted.length, "object")} deleted`, look: "good" });
      onClose();
    },
    setProgress,
  );
  if (result?.failed)
    return <PartlyDeleted deleted={result.deleted.length} failed={result.failed} of={refs.length} onClose={onClose} />;
  const asked = preview.data?.confirmation ?? null;
  const count = countWords(refs.length, "object");
  return (
    <Dialog
      title={refs.length === 1 && properties.rows[0] ? `Delete ${objectTitle(properties.rows[0])}` : `Delete ${count}`}
      action={refs.length === 1 ? "Delete" : `Delete ${count}`}
      danger
      onAction={() => action.run({ ...input, ...(asked === null ? {} : { confirmation: typed }) })}
      actionDisabled={!preview.data || (asked !== null && typed !== asked)}
      onClose={onClose}
      busy={action.busy}
      busyText={progress ? `Deleting ${progress.done} of ${progress.of}` : "Deleting"}
      error={action.error}
    >
      {preview.isPending ? (
        <p className="muted">
          Reading again what will be deleted <Elapsed />
        </p>
      ) : null}
      {preview.error ? <ErrorNotice error={errorOf(preview.error)} /> : null}
      {preview.data ? (
        <>
          {preview.data.warnings.map((warning) => (
            <Notice key={warning} look="warn">
              <p>{warning}</p>
            </Notice>
          ))}
          <p>Read from the token just now: {classCounts(preview.data.rows)}. There is no way back.</p>
          <ul className="delete-list">
            {preview.data.rows.slice(0, listed).map((row) => (
              <li key={row.handle}>
                {objectTitle(row)} <span className="muted">{keyWords(row)}</span>{" "}
                <code className="muted" title={row.id ? colonHex(row.id) : undefined}>
                  {shortHex(row.id)}
                </code>
              </li>
            ))}
            {preview.data.rows.length > listed ? (
              <li className="muted">and {preview.data.rows.length - listed} more</li>
            ) : null}
          </ul>
          {asked === null ? null : (
            <TextField
              label={`Type "${asked}" to confirm`}
              value={typed}
              onChange={setTyped}
              problem={typed !== "" && !asked.startsWith(typed) ? "That is not the text." : null}
              autoFocus
            />
          )}
          <EquivalentCommands request="objects.delete" input={{ ...input, objects: refs.slice(0, commands) }} />
          {refs.length > commands ? (
            <p className="muted">Equivalent commands are shown for the first {commands} objects.</p>
          ) : null}
        </>
      ) : null}
    </Dialog>
  );
};

const PartlyDeleted = (properties: {
  deleted: number;
  of: number;
  failed: { object: Parameters<typeof refTitle>[0]; error: ErrorData };
  onClose(): void;
}) => (
  <Dialog
    title={`${properties.deleted} of ${countWords(properties.of, "object")} deleted`}
    onClose={properties.onClose}
    error={properties.failed.error}
  >
    <p>It stopped at {refTitle(properties.failed.object)}. That one and those after it are still on the token.</p>
  </Dialog>
);
