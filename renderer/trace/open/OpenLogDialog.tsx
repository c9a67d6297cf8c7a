import { useState } from "react";
import { useFreshRequest } from "../../client/queries.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Folder } from "../../ui/Folder.tsx";
import { TextField } from "../../ui/fields.tsx";
import { fileName, sizeWords } from "../../ui/words.ts";
import { openTrace } from "../opened.ts";

/** Where the last log was, as long as the window is open. */
let lastFolder = "";

/** Log files of this computer, one or several: chosen from folders, or by path. Several become one trace, merged by time. */
export const OpenLogDialog = ({ onClose }: { onClose(): void }) => {
  const [folder, setFolder] = useState(lastFolder);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [path, setPath] = useState("");
  const { data, error } = useFreshRequest("files.browse", { folder });
  const typed = path.trim();
  const files = typed === "" ? chosen : [...chosen, typed];
  const open = (paths: readonly string[]) => {
    lastFolder = data?.folder ?? folder;
    onClose();
    const [first = ""] = paths;
    void openTrace(
      { files: [...paths] },
      paths.length === 1 ? fileName(first) : `${fileName(first)} and ${paths.length - 1} more`,
    );
  };
  return (
    <Dialog
      title="Open logs"
      action="Open"
      onAction={() => open(files)}
      actionDisabled={files.length === 0}
      onClose={onClose}
      error={error?.data ?? null}
      wide
    >
      <p className="muted">
        Tokenglass recordings, pkcs11-spy and OPENSC_DEBUG logs, p11-kit, pkcs11-logger, libpkcs11shim; also as .gz, .xz
        or .zst. Several files are merged by time.
      </p>
      <Folder
        path={data?.folder ?? folder}
        content={data}
        none="Nothing here."
        name="log-list"
        onFolder={setFolder}
        file={(entry) => (
          <button
            type="button"
            className="nav-entry"
            aria-pressed={chosen.includes(entry.path)}
            onClick={() =>
              setChosen(
                chosen.includes(entry.path) ? chosen.filter((one) => one !== entry.path) : [...chosen, entry.path],
              )
            }
            onDoubleClick={() => open([entry.path])}
          >
            <span className="truncate">
              <span aria-hidden="true">{chosen.includes(entry.path) ? "☑ " : "☐ "}</span>
              {entry.name}
            </span>
            <span className="muted">{sizeWords(entry.size)}</span>
          </button>
        )}
      />
      <TextField
        label="Or the path of a log"
        value={path}
        onChange={setPath}
        placeholder="/tmp/pkcs11-spy.log"
        hint={chosen.length > 0 ? `Chosen: ${chosen.map(fileName).join(", ")}` : "~/ is your own folder."}
        mono
      />
    </Dialog>
  );
};
