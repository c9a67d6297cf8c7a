import { useState } from "react";
import type { TraceField } from "../../../preload/contract/trace.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/notices.tsx";
import { useAction } from "../../ui/useAction.ts";

/** Shows one masked value on the user's explicit wish. It is forgotten when the dialog closes. */
export const RevealDialog = ({
  trace,
  row,
  field,
  onClose,
}: {
  trace: string;
  row: number;
  field: TraceField;
  onClose(): void;
}) => {
  const [value, setValue] = useState<{ hex: string; text: string } | null>(null);
  const reveal = useAction("trace.reveal", setValue);
  const run = () => {
    if (field.at) reveal.run({ trace, row, at: field.at });
  };
  const asked = value ? {} : { action: "Reveal it", onAction: run };
  return (
    <Dialog
      title={`Reveal ${field.name}`}
      {...asked}
      onClose={onClose}
      busy={reveal.busy}
      busyText="Reading"
      error={reveal.error}
    >
      {value ? (
        <dl className="facts">
          <dt>Text</dt>
          <dd className="mono">{value.text}</dd>
          <dt>Hex</dt>
          <dd className="mono">{value.hex}</dd>
        </dl>
      ) : (
        <Notice look="warn" title="This value is masked because it is, or may be, a secret">
          <p>
            The log holds it in clear. Make sure that nobody else sees the screen. The value is shown in this dialog
            alone, and is forgotten when it closes.
          </p>
        </Notice>
      )}
    </Dialog>
  );
};
