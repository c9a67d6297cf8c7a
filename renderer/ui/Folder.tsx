import type { ReactNode } from "react";
import { Button } from "./Button.tsx";

interface Entry {
  name: string;
  path: string;
  kind: string;
}

/** What is in a folder of this computer: the way up, the folders in it, and the files as the screen shows them. */
export const Folder = <E extends Entry>(properties: {
  path: string;
  /** undefined while it is being read. */
  content: { parent: string | null; entries: readonly E[] } | undefined;
  /** Said where nothing is in it. */
  none: string;
  /** Class name of the list, beside its own. */
  name?: string;
  onFolder(path: string): void;
  /** A button for what is no folder. */
  file(entry: E): ReactNode;
}) => {
  const { path, content, onFolder } = properties;
  return (
    <>
      <div className="input-row">
        <Button
          small
          onPress={() => content?.parent && onFolder(content.parent)}
          disabled={!content?.parent}
          label="Parent folder"
        >
          ↑
        </Button>
        <code className="browse-folder">{path}</code>
      </div>
      <ul className={`browse-list ${properties.name ?? ""}`} aria-label={`Contents of ${path}`}>
        {content?.entries.map((entry) => (
          <li key={entry.path}>
            {entry.kind === "folder" ? (
              <button type="button" className="nav-entry" onClick={() => onFolder(entry.path)}>
                <span className="truncate">{entry.name}/</span>
              </button>
            ) : (
              properties.file(entry)
            )}
          </li>
        ))}
        {content && content.entries.length === 0 ? <li className="muted leaf-note">{properties.none}</li> : null}
      </ul>
    </>
  );
};
