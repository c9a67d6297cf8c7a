import { useState } from "react";
import { useFreshRequest } from "../../client/queries.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Folder } from "../../ui/Folder.tsx";
import { TextField } from "../../ui/fields.tsx";
import { useAction } from "../../ui/useAction.ts";
import { sizeWords } from "../../ui/words.ts";

/** A file or folder of this computer whose certificates are to be in the overview. */
export const WatchDialog = ({ onClose }: { onClose(): void }) => {
  const [folder, setFolder] = useState("");
  const [path, setPath] = useState("");
  const { data, error } = useFreshRequest("files.browse", { folder });
  const watch = useAction("expiry.watch", onClose);
  const chosen = path.trim() || data?.folder || "";
  return (
    <Dialog
      title="Watch a file or folder"
      action={path.trim() === "" ? "Watch this folder" : "Watch it"}
      onAction={() => watch.run({ path: chosen })}
      actionDisabled={chosen === ""}
      onClose={onClose}
      busy={watch.busy}
      busyText="Reading certificates"
      error={watch.error ?? error?.data ?? null}
      wide
    >
      <p className="muted">
        Its certificates (PEM, DER, PKCS#7) are read each time the overview is shown. Only the path is kept; nothing is
        copied, and files with a password are left out.
      </p>
      <Folder
        path={data?.folder ?? folder}
        content={data}
        none="Nothing here."
        name="log-list"
        onFolder={(next) => {
          setFolder(next);
          setPath("");
        }}
        file={(entry) => (
          <button
            type="button"
            className="nav-entry"
            aria-pressed={path === entry.path}
            onClick={() => setPath(path === entry.path ? "" : entry.path)}
          >
            <span className="truncate">{entry.name}</span>
            <span className="muted">{sizeWords(entry.size)}</span>
          </button>
        )}
      />
      <TextField label="Path" value={path} onChange={setPath} placeholder={data?.folder} mono />
    </Dialog>
  );
};
