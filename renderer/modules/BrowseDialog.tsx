import { useState } from "react";
import { useFreshRequest } from "../client/queries.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Folder } from "../ui/Folder.tsx";
import { sizeWords } from "../ui/words.ts";

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
      <Folder
        path={folder}
        content={data}
        none="No folders or libraries here."
        onFolder={setFolder}
        file={({ path, name, size }) => (
          <button type="button" className="nav-entry" onClick={() => onChoose(path)}>
            <span className="truncate">{name}</span>
            <span className="muted">{sizeWords(size)}</span>
          </button>
        )}
      />
    </Dialog>
  );
};
