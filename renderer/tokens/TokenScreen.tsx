import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { TokenRef } from "../../preload/contract/shared.ts";
import { useRequest } from "../client/queries.ts";
import { useActions } from "../frame/actions.tsx";
import { sameToken } from "../frame/place.tsx";
import { LinksTab } from "../links/LinksTab.tsx";
import { ObjectsTab } from "../objects/ObjectsTab.tsx";
import { Empty } from "../ui/notices.tsx";
import { MechanismsTab } from "./MechanismsTab.tsx";
import { ModuleDown } from "./ModuleDown.tsx";
import { TokenDialogs } from "./TokenDialogs.tsx";
import { TokenFacts } from "./TokenFacts.tsx";
import { TokenHead } from "./TokenHead.tsx";
import type { TokenTask } from "./tasks.ts";
import { Uninitialised } from "./Uninitialised.tsx";

/** Titles of the tabs, and how the command palette calls what they show. */
const tabWords = {
  objects: { title: "Objects", what: "the objects" },
  links: { title: "Links", what: "which objects belong together, and which programs see them" },
  token: { title: "Token", what: "token information: PINs, memory, flags, slot" },
  mechanisms: { title: "Mechanisms", what: "the mechanisms" },
} as const;
type TabName = keyof typeof tabWords;

/** One token: its state and tasks above, objects, information and mechanisms below. */
export const TokenScreen = ({ module, token: ref }: { module: string; token: TokenRef }) => {
  const { data } = useRequest("tokens.slots", { module });
  const { data: kept } = useRequest("modules.list", {});
  const down = kept?.modules.find(({ id, state }) => id === module && state !== "ready");
  const [task, setTask] = useState<TokenTask | null>(null);
  const [tab, setTab] = useState<TabName>("objects");
  const row = data?.slots.find(({ token }) => token && sameToken(token.ref, ref));
  const token = row?.token;
  const tabs = token?.initialised && !down;
  useActions(
    "tabs",
    Object.entries(tabWords).map(([name, words]) => ({
      id: `tab-${name}`,
      title: `Show ${words.what}`,
      group: "View",
      disabled: !tabs || tab === name,
      run: () => setTab(name as TabName),
    })),
  );
  if (!data) return null;
  if (!token || !row)
    return (
      <Empty title="The token is no longer there">
        <p>
          Insert it again, or choose another one on the left. If it was initialised by another program, it now has
          another name.
        </p>
      </Empty>
    );
  return (
    <>
      <TokenHead module={module} token={token} onTask={setTask} />
      {down ? (
        <ModuleDown module={down} />
      ) : token.initialised ? (
        <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => setTab(key as TabName)}>
          <TabList className="tab-list" aria-label="Token">
            {Object.entries(tabWords).map(([name, { title }]) => (
              <Tab key={name} id={name} className="tab">
                {title}
              </Tab>
            ))}
          </TabList>
          <TabPanel id="objects" className="tab-panel">
            <ObjectsTab module={module} token={token} />
          </TabPanel>
          <TabPanel id="links" className="tab-panel">
            <LinksTab module={module} token={token} />
          </TabPanel>
          <TabPanel id="token" className="tab-panel">
            <TokenFacts slot={row} token={token} />
          </TabPanel>
          <TabPanel id="mechanisms" className="tab-panel">
            <MechanismsTab module={module} token={token} />
          </TabPanel>
        </Tabs>
      ) : (
        <Uninitialised slot={row} token={token} onInitialise={() => setTask("initialise")} />
      )}
      {task ? <TokenDialogs task={task} module={module} token={token} onClose={() => setTask(null)} /> : null}
    </>
  );
};
