import { useState } from "react";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { SlotRow } from "../../preload/contract/tokens.ts";
import { useFreshRequest, useRequest } from "../client/queries.ts";
import { useActions } from "../frame/actions.tsx";
import { useNavigation } from "../frame/place.tsx";
import { tokenTitle } from "../tokens/words.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { Badge, Empty, ErrorNotice, Notice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";

/** One module: what it is, the state of its process, its slots. */
export const ModuleScreen = ({ module: id }: { module: string }) => {
  const { data } = useRequest("modules.list", {});
  const module = data?.modules.find((one) => one.id === id);
  if (!data) return null;
  if (!module) return <Empty title="This module is no longer kept" />;
  return (
    <>
      <Head module={module} />
      <div className="work-body">
        {module.error ? <ErrorNotice error={module.error} /> : null}
        {module.state === "starting" ? (
          <p className="muted">
            Loading in a process of its own <Elapsed />
          </p>
        ) : null}
        <div className="columns">
          <section className="section">
            <h2>Module</h2>
            <Facts module={module} />
          </section>
          {module.state === "ready" ? <Slots module={module.id} /> : null}
        </div>
      </div>
    </>
  );
};

const Head = ({ module }: { module: ModuleRow }) => {
  const [removing, setRemoving] = useState(false);
  const [changed, setChanged] = useState(false);
  const start = useAction("modules.start", () => {});
  const stop = useAction("modules.stop", () => {});
  const restart = useAction("modules.restart", () => {});
  const { id, state } = module;
  const needsConsent = module.error?.code === "MODULE_CHANGED" || module.error?.code === "MODULE_NEEDS_APPROVAL";
  const doStart = () => (needsConsent ? setChanged(true) : start.run({ module: id }));
  useActions("module", [
    {
      id: "module-restart",
      title: "Restart this module",
      group: "Module",
      run: () => restart.run({ module: id }),
      disabled: state !== "ready",
    },
    {
      id: "module-start",
      title: "Start this module",
      group: "Module",
      run: doStart,
      disabled: state === "ready" || state === "starting",
    },
  ]);
  const look = ({ ready: "good", failed: "danger", starting: "accent", stopped: undefined } as const)[state];
  return (
    <header className="work-head">
      <h1>{module.name}</h1>
      <Badge look={look}>{state}</Badge>
      <span className="spring" />
      <div className="actions">
        {state === "ready" || state === "starting" ? (
          <>
            <Button onPress={() => restart.run({ module: id })} disabled={restart.busy}>
              Restart
            </Button>
            <Button onPress={() => stop.run({ module: id })} disabled={stop.busy}>
              Stop
            </Button>
          </>
        ) : (
          <Button look="primary" onPress={doStart} disabled={start.busy}>
            Start
          </Button>
        )}
        {module.origin === "added" ? <Button onPress={() => setRemoving(true)}>Remove…</Button> : null}
      </div>
      {removing ? <RemoveDialog module={module} onClose={() => setRemoving(false)} /> : null}
      {changed ? <ChangedDialog module={module} onClose={() => setChanged(false)} /> : null}
    </header>
  );
};

const RemoveDialog = ({ module, onClose }: { module: ModuleRow; onClose(): void }) => {
  const { go } = useNavigation();
  const remove = useAction("modules.remove", () => {
    onClose();
    go({ kind: "welcome" });
  });
  return (
    <Dialog
      title={`Remove ${module.name}`}
      action="Remove"
      onAction={() => remove.run({ module: module.id })}
      onClose={onClose}
      busy={remove.busy}
      error={remove.error}
    >
      <p>Tokenglass forgets this module. The library file, its tokens and their objects stay as they are.</p>
    </Dialog>
  );
};

/** The file is not the one that was allowed to run: shows what it is now, and asks again. */
const ChangedDialog = ({ module, onClose }: { module: ModuleRow; onClose(): void }) => {
  const { data, error } = useFreshRequest("modules.inspect", { path: module.path });
  const start = useAction("modules.start", onClose);
  return (
    <Dialog
      title="The library has changed"
      action="Run this file's code"
      onAction={() => data && start.run({ module: module.id, sha256: data.sha256 })}
      actionDisabled={!data}
      onClose={onClose}
      busy={start.busy}
      error={start.error ?? error?.data ?? null}
    >
      <Notice look="warn" title="This is not the file that was allowed to run before.">
        After an update by you or your system that is expected. Otherwise find out who changed it.
      </Notice>
      {data ? (
        <dl className="facts">
          <dt>Path</dt>
          <dd className="mono">{data.realPath}</dd>
          <dt>SHA-256 now</dt>
          <dd className="mono">{data.sha256}</dd>
          <dt>Owner</dt>
          <dd>{data.owner}</dd>
          <dt>Others may write</dt>
          <dd>{data.othersMayWrite ? `yes: ${data.othersMayWriteWhat ?? "the file"}` : "no"}</dd>
        </dl>
      ) : null}
    </Dialog>
  );
};

const Facts = ({ module }: { module: ModuleRow }) => (
  <dl className="facts">
    <dt>Library</dt>
    <dd className="mono">{module.path}</dd>
    {module.info ? (
      <>
        <dt>Description</dt>
        <dd>{module.info.description || "none given"}</dd>
        <dt>Manufacturer</dt>
        <dd>{module.info.manufacturer || "not given"}</dd>
        <dt>Library version</dt>
        <dd>{module.info.libraryVersion}</dd>
        <dt>PKCS#11 version</dt>
        <dd>{module.info.cryptokiVersion}</dd>
      </>
    ) : null}
    <dt>Process</dt>
    <dd>{module.pid === null ? "not running" : `${module.pid}, its own`}</dd>
    {module.origin === "embedded" ? (
      <>
        <dt>Origin</dt>
        <dd>Comes with Tokenglass: SoftHSM with a token directory of its own, for trying things out.</dd>
      </>
    ) : null}
    {Object.entries(module.environment).map(([name, value]) => (
      <EnvironmentFact key={name} name={name} value={value} />
    ))}
    {module.initString ? (
      <>
        <dt>Parameters</dt>
        <dd className="mono">{module.initString}</dd>
      </>
    ) : null}
  </dl>
);

const EnvironmentFact = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt className="mono">{name}</dt>
    <dd className="mono">{value}</dd>
  </>
);

const Slots = ({ module }: { module: string }) => {
  const { data, error } = useRequest("tokens.slots", { module });
  return (
    <section className="section">
      <h2>Slots</h2>
      {error ? <ErrorNotice error={error.data} /> : null}
      {data && data.slots.length === 0 ? (
        <p className="muted">
          The module has no slots: no reader or device is connected, or its configuration names none.
        </p>
      ) : null}
      {data && data.slots.length > 0 ? (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Slot</th>
              <th scope="col">Reader</th>
              <th scope="col">Token</th>
              <th scope="col">Serial number</th>
            </tr>
          </thead>
          <tbody>
            {data.slots.map((slot) => (
              <tr key={slot.slot}>
                <td className="mono">{slot.slot}</td>
                <td>{slot.description}</td>
                <td>
                  <SlotToken module={module} slot={slot} />
                </td>
                <td className="mono">{slot.token ? slot.token.serial || "none" : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
};

const SlotToken = ({ module, slot }: { module: string; slot: SlotRow }) => {
  const { go } = useNavigation();
  const { token, error } = slot;
  if (error) return <span>not readable ({error.rv ?? error.code})</span>;
  if (!token) return <span className="muted">empty</span>;
  return (
    <Button small onPress={() => go({ kind: "token", module, token: token.ref })}>
      {tokenTitle(token)}
    </Button>
  );
};
