import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { asksPassword } from "../../client/asks-password.ts";
import { useActions } from "../../frame/actions.tsx";
import { pemOf } from "../../objects/bytes.ts";
import { Button } from "../../ui/Button.tsx";
import { copyText } from "../../ui/copy.ts";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { FilePassword } from "../../ui/FilePassword.tsx";
import { Badge, ErrorNotice, Notice } from "../../ui/notices.tsx";
import { AsnTab } from "./AsnTab.tsx";
import { FieldsTab } from "./FieldsTab.tsx";
import { NamesTab } from "./NamesTab.tsx";
import { type ItemTab, type OpenedFile, showItemTab, unlock, useOpened } from "./opened.ts";
import { SaveItemDialog } from "./SaveItemDialog.tsx";
import { TlsTab } from "./TlsTab.tsx";
import { stateBadge } from "./words.ts";

const passwordHint = "The password opens the file and is forgotten at once.";

/** A file's item, or what keeps it from being shown. */
export const Viewed = ({ file, at }: { file: OpenedFile; at: number }) => {
  const { key, fileName, state, error, view } = file;
  const item = view?.items[at];
  if (item && view) return <Item file={file} item={item} warnings={view.warnings} />;
  return (
    <div className="viewed">
      <header className="viewed-head">
        <h2>{fileName}</h2>
      </header>
      <div className="viewed-body">
        {state === "reading" ? (
          <p className="muted" role="status">
            Reading <Elapsed />
          </p>
        ) : null}
        {error && !(state === "locked" && error.code === "PASSWORD_NEEDED") ? <ErrorNotice error={error} /> : null}
        {state === "locked" ? (
          <FilePassword fileName={fileName} hint={passwordHint} onOpen={(password) => void unlock(key, password)} />
        ) : null}
      </div>
    </div>
  );
};

const Item = ({ file, item, warnings }: { file: OpenedFile; item: ViewedItem; warnings: string[] }) => {
  const { tab } = useOpened();
  const [saving, setSaving] = useState(false);
  const bytes = savedBytes(item);
  const badge = stateBadge(item);
  const tabs = tabsOf(item);
  const shown = tabs.some(({ id }) => id === tab) ? tab : "fields";
  const copyPem = () => bytes?.label && void copyText(pemOf(bytes.label, bytes.base64), bytes.words);
  useActions("certificates-item", [
    {
      id: "item-save",
      title: "Save as PEM or DER",
      group: "Certificates",
      keys: "Ctrl+S",
      disabled: !bytes,
      run: () => setSaving(true),
    },
    { id: "item-copy", title: "Copy as PEM", group: "Certificates", disabled: !bytes?.label, run: copyPem },
    ...tabs.map(({ id, title }) => ({
      id: `item-${id}`,
      title: `Show ${title}`,
      group: "View",
      run: () => showItemTab(id),
    })),
  ]);
  const lock = item.problems.find(asksPassword);
  return (
    <article className="viewed" aria-label={item.title}>
      <header className="viewed-head">
        <h2>{item.title}</h2>
        <span className="muted">{item.kindWords}</span>
        {badge ? <Badge look={badge.look}>{badge.text}</Badge> : null}
        <span className="spring" />
        {bytes?.label ? (
          <Button small onPress={copyPem}>
            {item.der ? "Copy PEM" : "Copy public key"}
          </Button>
        ) : null}
        {bytes ? (
          <Button small onPress={() => setSaving(true)}>
            {item.der ? "Save…" : "Save public key…"}
          </Button>
        ) : null}
        <span className="muted viewed-where">{item.where === file.fileName ? file.view?.format : item.where}</span>
      </header>
      <Notices item={item} warnings={warnings} />
      {lock && file.content ? (
        <div className="viewed-notices">
          <FilePassword
            fileName={file.fileName}
            hint={passwordHint}
            onOpen={(password) => void unlock(file.key, password)}
          />
        </div>
      ) : null}
      <Tabs className="tabs" selectedKey={shown} onSelectionChange={(key) => showItemTab(key as ItemTab)}>
        <TabList className="tab-list" aria-label="Views">
          {tabs.map(({ id, title }) => (
            <Tab key={id} id={id} className="tab">
              {title}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="fields" className="tab-panel viewed-body">
          <FieldsTab item={item} />
        </TabPanel>
        <TabPanel id="names" className="tab-panel viewed-body">
          <NamesTab item={item} />
        </TabPanel>
        <TabPanel id="tls" className="tab-panel viewed-body">
          {item.tls ? <TlsTab tls={item.tls} keyWords={item.publicKey?.words ?? ""} /> : null}
        </TabPanel>
        <TabPanel id="asn1" className="tab-panel asn-panel">
          {item.der ? <AsnTab base64={item.der} /> : null}
        </TabPanel>
      </Tabs>
      {saving && bytes ? <SaveItemDialog title={item.title} bytes={bytes} onClose={() => setSaving(false)} /> : null}
    </article>
  );
};

const tabsOf = ({ subject, issuer, tls, der }: ViewedItem): { id: ItemTab; title: string }[] => [
  { id: "fields", title: "Fields" },
  ...(subject || issuer ? [{ id: "names" as const, title: "Names" }] : []),
  ...(tls ? [{ id: "tls" as const, title: "TLS" }] : []),
  ...(der ? [{ id: "asn1" as const, title: "ASN.1" }] : []),
];

/** What of an item may be written: itself, or the public half of a private key. */
const savedBytes = ({ der, pemLabel, publicKey, kindWords }: ViewedItem) => {
  if (der) return { base64: der, label: pemLabel, words: kindWords };
  return publicKey ? { base64: publicKey.spki, label: "PUBLIC KEY", words: "Public key" } : null;
};

const Notices = ({ item, warnings }: { item: ViewedItem; warnings: string[] }) => {
  const problems = item.problems.filter(({ code }) => code !== "PASSWORD_NEEDED");
  if (problems.length + item.notes.length + warnings.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <div className="viewed-notices" role="group" aria-label="Notes" tabIndex={0}>
      {problems.slice(0, 3).map((problem) => (
        <ErrorNotice key={`${problem.message}${problem.where}`} error={problem} />
      ))}
      {problems.length > 3 ? <p className="muted">and {problems.length - 3} more faults.</p> : null}
      {item.notes.length + warnings.length > 0 ? (
        <Notice look={item.kind === "certificate" || item.kind === "request" ? "warn" : undefined}>
          {[...item.notes, ...warnings].map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Notice>
      ) : null}
    </div>
  );
};
