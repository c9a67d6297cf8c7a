import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useActions } from "../frame/actions.tsx";
import { useNavigation } from "../frame/place.tsx";
import { IssuedTab } from "./authority/IssuedTab.tsx";
import { ExpiringTab } from "./expiry/ExpiringTab.tsx";
import { StoresTab } from "./stores/StoresTab.tsx";
import { type CertificatesTab, certificatesTabs } from "./tabs.ts";
import { ViewTab } from "./view/ViewTab.tsx";
import "./certificates.css";

const tabs = Object.entries(certificatesTabs) as [CertificatesTab, { title: string; what: string }][];

/** Certificates wherever they are: a tab for each thing that is done with them. Which one is part of the place. */
export const CertificatesScreen = ({ tab }: { tab: CertificatesTab }) => {
  const { go } = useNavigation();
  const show = (to: CertificatesTab) => go({ kind: "certificates", tab: to });
  useActions(
    "certificates-tabs",
    tabs.map(([name, { what }], index) => ({
      id: `certificates-tab-${name}`,
      title: `Show ${what}`,
      group: "View",
      keys: `Alt+${index + 1}`,
      run: () => show(name),
    })),
  );
  return (
    <div className="certificates">
      <header className="work-head">
        <h1>Certificates</h1>
        <span className="sub">of files, of tokens, and pasted</span>
      </header>
      <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => show(key as CertificatesTab)}>
        <TabList className="tab-list" aria-label="Certificates">
          {tabs.map(([name, { title }]) => (
            <Tab key={name} id={name} className="tab">
              {title}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="view" className="tab-panel">
          <ViewTab />
        </TabPanel>
        <TabPanel id="issued" className="tab-panel">
          <IssuedTab />
        </TabPanel>
        <TabPanel id="expiring" className="tab-panel">
          <ExpiringTab />
        </TabPanel>
        <TabPanel id="stores" className="tab-panel">
          <StoresTab />
        </TabPanel>
      </Tabs>
    </div>
  );
};
