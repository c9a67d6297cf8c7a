import { useState } from "react";
import { useFreshRequest } from "../client/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";

/** Folders and libraries of this computer: the same in every shell, since a browser's own dialog hides paths. */
export const BrowseDialog = ({
  start,
  onChoose,
  onClose,
}: {
  start: string;
  onChoose(path: string): void;
  onClose(): void;
}) => {
  const [folder, setFolder] = useState(
    start.includes("/") ? start.slice(0, start.lastIndexOf("/")) || "/" : "/usr/lib",
  );
  const { data, error } = useFreshRequest("modules.browse", { folder });
  return (
    <Dialog title="Choose a library" onClose={onClose} error={error?.data ?? null}>
      <div className="input-row">
        <Button
          small
          onPress={() => data?.parent && setFolder(data.parent)}
          disabled={!data?.parent}
          label="Parent folder"
        >
          ↑
        </Button>
        <code className="browse-folder">{folder}</code>
      </div>
      <ul className="browse-list" aria-label={`Contents of ${folder}`}>
        {data?.entries.map((entry) => (
          <li key={entry.path}>
            <button
              type="button"
              className="nav-entry"
              onClick={() => (entry.kind === "folder" ? setFolder(entry.path) : onChoose(entry.path))}
            >
              <span className="truncate">{entry.kind === "folder" ? `${entry.name}/` : entry.name}</span>
              {entry.kind === "library" ? <span className="muted">{Math.ceil(entry.size / 1024)} KiB</span> : null}
            </button>
          </li>
        ))}
        {data && data.entries.length === 0 ? <li className="muted leaf-note">No folders or libraries here.</li> : null}
      </ul>
    </Dialog>
  );
};
