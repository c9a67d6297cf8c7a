import type { ReactNode } from "react";
import { Button } from "../../ui/Button.tsx";
import { Badge } from "../../ui/notices.tsx";
import { closeFile, type OpenedFile, showItem } from "./opened.ts";
import { stateBadge } from "./words.ts";

/** Items of a file that are listed; the rest is counted. */
const listed = 500;

/** The opened files, with what is in each. */
export const ItemList = (properties: {
  files: readonly OpenedFile[];
  front: { file: string; item: number } | null;
}) => (
  <nav className="view-list" aria-label="Opened certificates">
    {properties.files.map((file) => (
      <section key={file.key} aria-label={file.fileName}>
        <header className="view-list-head">
          <span className="truncate" title={file.fileName}>
            {file.fileName}
          </span>
          <Button look="quiet" small label={`Close ${file.fileName}`} onPress={() => closeFile(file.key)}>
            ✕
          </Button>
        </header>
        <Items file={file} front={properties.front?.file === file.key ? properties.front.item : null} />
      </section>
    ))}
  </nav>
);

const Items = ({ file, front }: { file: OpenedFile; front: number | null }) => {
  const { key, view, state } = file;
  if (!view)
    return (
      <Entry here={front === 0} title={stateWords[state]} onGo={() => showItem(key, 0)}>
        {state === "failed" ? <Badge look="danger">!</Badge> : null}
      </Entry>
    );
  return (
    <>
      {view.items.slice(0, listed).map((item, at) => {
        const badge = stateBadge(item);
        return (
          <Entry
            key={`${item.where} ${item.kind} ${item.fingerprints[0]?.value ?? at}`}
            here={front === at}
            title={item.title}
            note={item.kindWords}
            onGo={() => showItem(key, at)}
          >
            {badge ? <Badge look={badge.look}>{badge.text}</Badge> : null}
          </Entry>
        );
      })}
      {view.items.length > listed ? <p className="muted">and {view.items.length - listed} more</p> : null}
    </>
  );
};

const stateWords: Record<OpenedFile["state"], string> = {
  reading: "Reading",
  locked: "Encrypted",
  failed: "Not readable",
  open: "",
};

const Entry = (properties: { here: boolean; title: string; note?: string; children?: ReactNode; onGo(): void }) => (
  <button
    type="button"
    className="nav-entry"
    aria-current={properties.here ? "true" : undefined}
    title={properties.title}
    onClick={properties.onGo}
  >
    <span className="view-entry">
      <span className="truncate">{properties.title}</span>
      {properties.note ? <span className="muted truncate">{properties.note}</span> : null}
    </span>
    {properties.children}
  </button>
);
