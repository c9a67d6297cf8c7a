import { call } from "../../client/call.ts";
import { base64OfText } from "../../objects/bytes.ts";
import { Saved } from "../../objects/Saved.tsx";
import { SaveFolder, savingNotice } from "../../objects/SaveFolder.tsx";
import { useSaving } from "../../objects/useSaving.ts";
import { Dialog } from "../../ui/Dialog.tsx";

/** The ends of certificates for the calendar of other programs. */
export const CalendarDialog = ({ onClose }: { onClose(): void }) => {
  const saving = useSaving([
    async () => {
      const { fileName, text } = await call("expiry.calendar", {});
      return { fileName, content: base64OfText(text), text };
    },
  ]);
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title="Save the ends as a calendar"
      action="Save"
      onAction={saving.start}
      actionDisabled={saving.missing !== null}
      onClose={onClose}
      busy={saving.busy}
      busyText="Reading tokens and files"
      error={saving.error}
      notice={savingNotice(saving)}
    >
      <p className="muted">
        An iCalendar file with one event for each certificate that is still valid, and an alarm for each of the warning
        days. Read into the same calendar again, it replaces its earlier events.
      </p>
      <SaveFolder saving={saving} />
    </Dialog>
  );
};
