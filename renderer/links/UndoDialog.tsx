import { useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import { useFreshRequest } from "../client/queries.ts";
import type { Address } from "../objects/tasks.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { countWords } from "../ui/words.ts";

/** The repairs of this token since its module was started, each with what undoing it would do. */
export const UndoDialog = (properties: { address: Address; onDone(): void; onClose(): void }) => {
  const { address, onDone, onClose } = properties;
  const { data, error, refetch } = useFreshRequest("links.undoList", address);
  const [stopped, setStopped] = useState<Output<"links.undo"> | null>(null);
  const action = useAction("links.undo", (reply) => {
    onDone();
    void refetch();
    setStopped(reply.failed ? reply : null);
    if (!reply.failed)
      toast({
        title: `${countWords(reply.done.length, "change")} undone`,
        text: "Read back and compared.",
        look: "good",
      });
  });
  return (
    <Dialog
      title="Undo a repair"
      wide
      onClose={onClose}
      busy={action.busy}
      busyText="Writing and reading back"
      error={action.error ?? stopped?.failed ?? null}
    >
      {error ? <ErrorNotice error={error.data} /> : null}
      {data?.undos.length === 0 ? (
        <p>
          There is nothing to undo. Repairs are kept here until the module is started anew; nothing of them is written
          to a file.
        </p>
      ) : null}
      {stopped ? (
        <Notice look="danger" title="Undone in part">
          <p>
            {stopped.done.length > 0 ? `Done: ${stopped.done.join("; ")}. ` : "Nothing was undone. "}
            Not done: {stopped.notDone.join("; ")}.
          </p>
        </Notice>
      ) : null}
      {data?.undos.map(({ undo, at, title, steps }) => (
        <div key={undo} className="link-undo">
          <div>
            <p>
              <strong>{title}</strong> <span className="muted">{new Date(at).toLocaleTimeString("en-GB")}</span>
            </p>
            <ol>
              {steps.map((step) => (
                <li key={step} className="muted">
                  {step}
                </li>
              ))}
            </ol>
          </div>
          <Button small disabled={action.busy} onPress={() => action.run({ ...address, undo })}>
            Undo
          </Button>
        </div>
      ))}
    </Dialog>
  );
};
