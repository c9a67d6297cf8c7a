import { useState } from "react";
import type { LinkGroup, RepairKind } from "../../preload/contract/links.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { LoginButton } from "../objects/LoginButton.tsx";
import { loginHelp } from "../objects/LoginHelp.tsx";
import { useTasks } from "../objects/useTasks.ts";
import { WayToLogin } from "../objects/WayToLogin.tsx";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorHelp } from "../ui/error-help.ts";
import { Empty, ErrorNotice, Notice } from "../ui/notices.tsx";
import { ShowMore } from "../ui/ShowMore.tsx";
import { Findings } from "./Findings.tsx";
import { GroupCard } from "./GroupCard.tsx";
import { OtherGroups } from "./OtherGroups.tsx";
import { ProveDialog } from "./ProveDialog.tsx";
import { RepairDialog } from "./RepairDialog.tsx";
import { UndoDialog } from "./UndoDialog.tsx";
import { useLinks } from "./useLinks.ts";
import { useProve } from "./useProve.ts";
import { summaryWords } from "./words.ts";
import "./links.css";

type Open =
  | { kind: "repair"; group: LinkGroup; repairs: RepairKind[] }
  | { kind: "prove"; group: LinkGroup }
  | { kind: "undo" }
  | null;

const portion = 40;

/** Which objects of a token are one key, what each program sees of it, and the repair of what does not fit. */
export const LinksTab = ({ module, token }: { module: string; token: TokenRow }) => {
  const { data, error, reading, again } = useLinks(module, token);
  const tasks = useTasks(module, token);
  const address = { module, token: token.ref };
  const [open, setOpen] = useState<Open>(null);
  const [limit, setLimit] = useState(portion);
  const prove = useProve(again);
  const keys = data?.groups.filter(({ privateKey }) => privateKey) ?? [];
  const others = data?.groups.filter(({ privateKey }) => !privateKey) ?? [];
  const proveOne = (group: LinkGroup) =>
    group.asksPin ? setOpen({ kind: "prove", group }) : prove.run({ ...address, group: group.group });
  return (
    <ErrorHelp value={loginHelp(token, tasks.login)}>
      <section className="work-body links" aria-label="Links">
        <div className="links-bar">
          <span role="status">{data ? summaryWords(data) : ""}</span>
          <span className="muted">
            {reading ? (
              <>
                reading <Elapsed />
              </>
            ) : data ? (
              `${data.count.toLocaleString("en")} objects in ${(data.milliseconds / 1000).toFixed(2)} s`
            ) : null}
          </span>
          <div className="link-tasks">
            <Button
              onPress={() => prove.run(address)}
              disabled={!data?.privateIncluded || prove.busy || !keys.some(({ provable }) => provable)}
            >
              {prove.busy ? "Signing…" : "Prove all by test signatures"}
            </Button>
            <Button onPress={() => setOpen({ kind: "undo" })}>Undo a repair…</Button>
            <Button onPress={again} disabled={reading}>
              Examine again
            </Button>
          </div>
        </div>
        {error ? <ErrorNotice error={error} /> : null}
        {prove.error ? <ErrorNotice error={prove.error} /> : null}
        {data && !data.privateIncluded ? (
          <Notice look="warn" title="Private keys are seen only after login">
            <p>What belongs to them cannot be judged before, so there are no verdicts here yet.</p>
            <div>
              <LoginButton token={token} words="Log in as user" onLogin={tasks.login} />
            </div>
          </Notice>
        ) : null}
        {data?.tokenWords ? <Notice look="warn">{data.tokenWords}</Notice> : null}
        {data && data.groups.length === 0 ? (
          <Empty title="No keys and no certificates">
            <p>
              Once there is a key on the token, this says which certificate belongs to it and which programs see it.
            </p>
          </Empty>
        ) : null}
        {data && data.findings.length > 0 ? (
          <Findings
            findings={data.findings}
            groups={data.groups}
            writeProtected={token.writeProtected}
            onRepair={(group, repairs) => setOpen({ kind: "repair", group, repairs })}
          />
        ) : null}
        {keys.slice(0, limit).map((group) => (
          <GroupCard
            key={group.group}
            group={group}
            busy={prove.busy}
            writeProtected={token.writeProtected}
            onProve={() => proveOne(group)}
            onRepair={(repairs) => setOpen({ kind: "repair", group, repairs })}
          />
        ))}
        <ShowMore all={keys.length} limit={limit} portion={portion} onLimit={setLimit} />
        {others.length > 0 ? <OtherGroups groups={others} privateIncluded={data?.privateIncluded ?? false} /> : null}
        {open?.kind === "repair" ? (
          <RepairDialog
            address={address}
            group={open.group}
            first={open.repairs}
            onClose={() => setOpen(null)}
            onDone={again}
          />
        ) : null}
        {open?.kind === "prove" && open.group.privateKey ? (
          <ProveDialog
            address={address}
            group={open.group.group}
            row={open.group.privateKey}
            onDone={again}
            onClose={() => setOpen(null)}
          />
        ) : null}
        {open?.kind === "undo" ? <UndoDialog address={address} onDone={again} onClose={() => setOpen(null)} /> : null}
        <WayToLogin module={module} token={token} tasks={tasks} />
      </section>
    </ErrorHelp>
  );
};
