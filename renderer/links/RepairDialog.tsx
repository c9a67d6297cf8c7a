import { useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import type { LinkGroup, RepairKind } from "../../preload/contract/links.ts";
import { useFreshRequest } from "../client/queries.ts";
import type { Address } from "../objects/tasks.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { Checkbox } from "../ui/fields.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { countWords } from "../ui/words.ts";
import { StepTable } from "./StepTable.tsx";

/** What a repair would change, each value old and new, and the repair itself. */
export const RepairDialog = (properties: {
  address: Address;
  group: LinkGroup;
  /** Chosen at first; the user may choose others that the group offers. */
  first: RepairKind[];
  onDone(): void;
  onClose(): void;
}) => {
  const { address, group, first, onDone, onClose } = properties;
  const [kinds, setKinds] = useState<ReadonlySet<RepairKind>>(new Set(first));
  const [replace, setReplace] = useState(false);
  const [stopped, setStopped] = useState<Output<"links.repair"> | null>(null);
  const repairs = group.repairs.filter(({ kind }) => kinds.has(kind)).map(({ kind }) => ({ group: group.group, kind }));
  const input = { ...address, repairs, replace };
  const {
    data: plan,
    error,
    isFetching,
    refetch,
  } = useFreshRequest("links.repairPreview", repairs.length > 0 ? input : null);
  const action = useAction("links.repair", (reply) => {
    onDone();
    if (reply.failed) {
      setStopped(reply);
      void refetch();
      return;
    }
    toast({
      title: `${countWords(reply.done.length, "change")} made, read back and compared`,
      text: [...reply.warnings, "“Undo a repair” takes them back."].join(" "),
      look: reply.warnings.length > 0 ? "warn" : "good",
    });
    onClose();
  });
  const steps = repairs.length > 0 ? (plan?.steps ?? []) : [];
  return (
    <Dialog
      title={`Repair ${group.title}`}
      wide
      action={steps.length > 0 ? `Make ${countWords(steps.length, "change")}` : "Repair"}
      onAction={() => {
        if (!plan) return;
        setStopped(null);
        action.run({ ...input, digest: plan.digest }, () => void refetch());
      }}
      actionDisabled={steps.length === 0 || isFetching}
      onClose={onClose}
      closing={stopped ? "Close" : undefined}
      busy={action.busy}
      busyText="Writing and reading back"
      error={action.error ?? stopped?.failed?.error ?? null}
    >
      <p>
        Nothing is deleted by itself. Certificate and public key take what the private key has; each change is read back
        and compared, and can be undone until the module is started anew.
      </p>
      {group.repairs.map(({ kind, title, words }) => (
        <Checkbox
          key={kind}
          label={title}
          hint={words}
          value={kinds.has(kind)}
          onChange={(chosen) => setKinds(withKind(kinds, kind, chosen))}
        />
      ))}
      {stopped?.failed ? <Stopped reply={stopped} /> : null}
      {error && repairs.length > 0 ? <ErrorNotice error={error.data} /> : null}
      {isFetching && !plan ? (
        <p className="muted">
          Reading the token <Elapsed />
        </p>
      ) : null}
      {plan?.refused.map(({ kind, why }) => (
        <Notice key={kind} look="warn" title={`Not done: ${group.repairs.find((each) => each.kind === kind)?.title}`}>
          <p>{why}</p>
        </Notice>
      ))}
      {plan?.warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      {steps.length > 0 ? <StepTable steps={steps} address={address} /> : null}
      <Checkbox
        label="Replace by a copy instead of changing"
        hint="For modules that refuse to change objects: a new certificate or public key object is written, read back and compared, and only then the old one is deleted."
        value={replace}
        onChange={setReplace}
      />
    </Dialog>
  );
};

const withKind = (kinds: ReadonlySet<RepairKind>, kind: RepairKind, chosen: boolean): ReadonlySet<RepairKind> => {
  const next = new Set(kinds);
  if (chosen) next.add(kind);
  else next.delete(kind);
  return next;
};

const Stopped = ({ reply }: { reply: Output<"links.repair"> }) => (
  <Notice look="danger" title={`Stopped at change ${reply.failed?.step}`}>
    <p>
      {reply.done.length > 0 ? `Done: ${reply.done.join(", ")}. ` : "None was done before. "}
      {reply.notDone.length > 0 ? `Not tried: ${reply.notDone.join(", ")}. ` : ""}
      {reply.undo ? "What was changed can be undone." : "The token is as it was."} Below is what is left to do.
    </p>
  </Notice>
);
