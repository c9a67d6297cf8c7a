import { useState } from "react";
import type { Inspection } from "../../preload/contract/modules.ts";
import { useFreshRequest } from "../client/queries.ts";
import { useNavigation } from "../frame/place.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { TextField } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { environmentOf, environmentText } from "./environment.ts";

/** Before a library's code runs for the first time: what the file is, who can change it, and whether to go on. */
export const AddModuleDialog = ({
  path,
  name: proposed,
  environment: wanted = {},
  onClose,
}: {
  path: string;
  name?: string;
  environment?: Record<string, string>;
  onClose(): void;
}) => {
  const { go } = useNavigation();
  const { data, error } = useFreshRequest("modules.inspect", { path });
  const [name, setName] = useState(proposed ?? "");
  const [environment, setEnvironment] = useState(environmentText(wanted));
  const [initString, setInitString] = useState("");
  const parsed = environmentOf(environment);
  const add = useAction("modules.add", (module) => {
    onClose();
    go({ kind: "module", module: module.id });
    if (module.state === "ready") toast({ title: `${module.name} added`, text: module.path, look: "good" });
  });
  return (
    <Dialog
      wide
      title="Add this module?"
      action={data && !data.approved ? "Run its code and add it" : "Add"}
      onAction={() =>
        data &&
        add.run({
          path,
          sha256: data.sha256,
          name: name.trim() || data.knownAs || path.split(/[\\/]/).pop() || path,
          environment: parsed.value,
          ...(initString.trim() ? { initString: initString.trim() } : {}),
        })
      }
      actionDisabled={!data || parsed.problem !== null}
      onClose={onClose}
      busy={add.busy}
      busyText="Loading it in a process of its own"
      error={add.error ?? error?.data ?? null}
    >
      {data ? <InspectionFacts inspection={data} /> : null}
      <TextField
        label="Name in the list"
        value={name}
        onChange={setName}
        placeholder={data?.knownAs ?? "its file name"}
      />
      <details open={Object.keys(wanted).length > 0}>
        <summary className="muted">Environment and parameters, for modules that want some</summary>
        <div className="section">
          <TextField
            label="Environment of its process"
            value={environment}
            onChange={setEnvironment}
            placeholder="SOFTHSM2_CONF=/home/you/softhsm2.conf"
            hint="NAME=value, several separated by blanks. Only this module's process gets them."
            problem={parsed.problem}
            mono
          />
          <TextField
            label="Parameters for C_Initialize"
            value={initString}
            onChange={setInitString}
            placeholder="configdir='sql:/home/you/.pki/nssdb'"
            hint="NSS softokn wants these."
            mono
          />
        </div>
      </details>
      <EquivalentCommands request="modules.add" input={{ path }} />
    </Dialog>
  );
};

const InspectionFacts = ({ inspection }: { inspection: Inspection }) => (
  <>
    {inspection.approved ? null : (
      <Notice look="warn" title="Loading a library runs its code, with your rights.">
        Add it only if you know where it comes from.
      </Notice>
    )}
    {inspection.othersMayWrite ? (
      <Notice look="danger" title="Others can change this library.">
        What others may write: {inspection.othersMayWriteWhat ?? inspection.realPath}.
      </Notice>
    ) : null}
    {inspection.binary.fitsHere ? null : (
      <Notice look="danger" title="This file does not fit this computer.">
        It is{" "}
        {inspection.binary.format === "unknown"
          ? "not a library"
          : `a ${inspection.binary.format} file for ${inspection.binary.architectures.join(", ") || "an unknown machine"}`}
        .
      </Notice>
    )}
    <dl className="facts">
      <dt>Path</dt>
      <dd className="mono">{inspection.path}</dd>
      {inspection.realPath !== inspection.path ? (
        <>
          <dt>Leads to</dt>
          <dd className="mono">{inspection.realPath}</dd>
        </>
      ) : null}
      {inspection.knownAs ? (
        <>
          <dt>Known as</dt>
          <dd>{inspection.knownAs}</dd>
        </>
      ) : null}
      <dt>Size</dt>
      <dd>{inspection.size.toLocaleString("en")} bytes</dd>
      <dt>SHA-256</dt>
      <dd className="mono">{inspection.sha256}</dd>
      <dt>Owner</dt>
      <dd>
        {inspection.owner} <code>{inspection.mode}</code>
      </dd>
      <dt>Others may write</dt>
      <dd>{inspection.othersMayWrite ? "yes" : "no"}</dd>
      <dt>Made for</dt>
      <dd>
        {inspection.binary.format}, {inspection.binary.architectures.join(", ") || "unknown machine"}
      </dd>
    </dl>
  </>
);
