import { useState } from "react";
import { useActions } from "../../frame/actions.tsx";
import { ImportChoose } from "../../objects/ImportChoose.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { useDrop } from "../../ui/useDrop.ts";
import { usePaste } from "../../ui/usePaste.ts";
import { ItemList } from "./ItemList.tsx";
import { closeAll, closeFile, showItem, useOpened, viewFiles, viewText } from "./opened.ts";
import { Viewed } from "./Viewed.tsx";
import "./view.css";

const words =
  "or drop them here. Certificates, requests, revocation lists, public and private keys, PKCS#7, PKCS#12; PEM or DER.";

/** Files and texts with certificates, requests, lists and keys, and what they say. */
export const ViewTab = () => {
  const { files, front } = useOpened();
  const [opening, setOpening] = useState(false);
  const drop = useDrop((dropped) => void viewFiles(dropped));
  usePaste((pasted) => {
    const pastedFiles = [...pasted.files];
    const text = pasted.getData("text");
    if (pastedFiles.length > 0) void viewFiles(pastedFiles);
    else if (text.trim() !== "") void viewText(text);
    else return false;
    return true;
  });
  const items = files.flatMap(({ key, view }) => (view?.items ?? [null]).map((_, item) => ({ key, item })));
  const step = (by: number) => {
    const at = items.findIndex(({ key, item }) => key === front?.file && item === front.item);
    const next = items[(at + by + items.length) % items.length];
    if (next) showItem(next.key, next.item);
  };
  const group = "Certificates";
  const none = files.length === 0;
  useActions("certificates-view", [
    { id: "certificates-open", title: "Open certificates", group, keys: "Ctrl+O", run: () => setOpening(true) },
    { id: "certificates-next", title: "Next item", group, keys: "]", disabled: items.length < 2, run: () => step(1) },
    {
      id: "certificates-previous",
      title: "Previous item",
      group,
      keys: "[",
      disabled: items.length < 2,
      run: () => step(-1),
    },
    {
      id: "certificates-close",
      title: "Close this file",
      group,
      disabled: !front,
      run: () => front && closeFile(front.file),
    },
    { id: "certificates-close-all", title: "Close all", group, disabled: none, run: closeAll },
  ]);
  const file = files.find(({ key }) => key === front?.file);
  if (none)
    return (
      <div className="work-body view-none">
        <p className="muted">
          Whatever a certificate, a request, a revocation list or a key says, in words and in bytes.
        </p>
        <ImportChoose
          started={false}
          onFiles={(chosen) => void viewFiles(chosen)}
          onText={(text) => void viewText(text)}
          words={words}
          textLabel="Or paste PEM, base64 or hexadecimal text"
        />
      </div>
    );
  return (
    <div className="view" {...drop.handlers}>
      <div className="view-files">
        <div className="view-files-actions">
          <Button small onPress={() => setOpening(true)}>
            Open…
          </Button>
          <Button small look="quiet" onPress={closeAll}>
            Close all
          </Button>
        </div>
        <ItemList files={files} front={front} />
      </div>
      {file ? <Viewed key={`${file.key} ${front?.item}`} file={file} at={front?.item ?? 0} /> : null}
      {opening ? <OpenDialog onClose={() => setOpening(false)} /> : null}
    </div>
  );
};

const OpenDialog = ({ onClose }: { onClose(): void }) => (
  <Dialog title="Open certificates" onClose={onClose} closing="Cancel" wide>
    <ImportChoose
      started={false}
      onFiles={(chosen) => {
        onClose();
        void viewFiles(chosen);
      }}
      onText={(text) => {
        onClose();
        void viewText(text);
      }}
      words={words}
      textLabel="Or paste PEM, base64 or hexadecimal text"
    />
  </Dialog>
);
