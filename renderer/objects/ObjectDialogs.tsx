import type { ReactNode } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { IssueDialog } from "../certificates/authority/IssueDialog.tsx";
import { ReplyDialog } from "../certificates/reply/ReplyDialog.tsx";
import { RequestDialog } from "../certificates/request/RequestDialog.tsx";
import { SelfSignDialog } from "../certificates/request/SelfSignDialog.tsx";
import { GenerateDialog } from "../keys/GenerateDialog.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { AttributeDialog } from "./AttributeDialog.tsx";
import { taskAgain } from "./again.ts";
import { ChangeIdDialog } from "./ChangeIdDialog.tsx";
import { CopyObjectDialog } from "./CopyObjectDialog.tsx";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { InventoryDialog } from "./InventoryDialog.tsx";
import { RenameDialog } from "./RenameDialog.tsx";
import { SaveDialog } from "./SaveDialog.tsx";
import { TestSignatureDialog } from "./TestSignatureDialog.tsx";
import { type Address, type ObjectTask, signerFor } from "./tasks.ts";
import { WriteDataDialog } from "./WriteDataDialog.tsx";
import { WriteSecretKeyDialog } from "./WriteSecretKeyDialog.tsx";
import { objectTitle } from "./words.ts";
import "./dialogs.css";

interface DialogProperties {
  task: ObjectTask;
  address: Address;
  tokenRow: TokenRow;
  /** All objects that are listed. */
  rows: ObjectRow[];
  /** New objects, to be chosen in the table. */
  onDone(handles: string[]): void;
  onTask(task: ObjectTask): void;
  /** Opens the login above the dialog. */
  onLogin(): void;
  onClose(): void;
}

/** The dialog for a task. */
export const ObjectDialogs = (properties: DialogProperties) => {
  const { address, onDone, onClose } = properties;
  const task = taskAgain(properties.task, properties.rows);
  const common = { address, onClose };
  switch (task.kind) {
    case "rename":
      return <RenameDialog {...common} row={task.row} />;
    case "id":
      return <ChangeIdDialog {...common} row={task.row} rows={properties.rows} />;
    case "attribute":
      return <AttributeDialog {...common} row={task.row} attribute={task.attribute} />;
    case "copy":
      return <CopyObjectDialog {...common} row={task.row} onDone={onDone} />;
    case "delete":
      return <DeleteDialog {...common} rows={task.rows} />;
    case "save":
      return <SaveDialog {...common} rows={task.rows} />;
    case "inventory":
      return <InventoryDialog {...common} />;
    case "testSignature":
      return <TestSignatureDialog {...common} row={task.row} />;
    case "selfSign":
      return (
        <WithSigner row={task.row} rows={properties.rows} onClose={onClose}>
          {(row) => <SelfSignDialog {...common} row={row} onDone={onDone} />}
        </WithSigner>
      );
    case "request":
      return (
        <WithSigner row={task.row} rows={properties.rows} onClose={onClose}>
          {(row) => (
            <RequestDialog {...common} row={row} onReply={() => properties.onTask({ kind: "reply", files: [] })} />
          )}
        </WithSigner>
      );
    case "issue":
      return <IssueDialog {...common} row={task.row} rows={properties.rows} />;
    case "generate":
      return (
        <GenerateDialog
          {...common}
          onGenerated={(made) => onDone(made.map(({ handle }) => handle))}
          onRequest={(row) => properties.onTask({ kind: "request", row })}
          onSelfSign={(row) => properties.onTask({ kind: "selfSign", row })}
        />
      );
    case "import":
      return (
        <ImportDialog
          {...common}
          files={task.files}
          tokenRow={properties.tokenRow}
          onLogin={properties.onLogin}
          onDone={onDone}
        />
      );
    case "reply":
      return (
        <ReplyDialog
          {...common}
          files={task.files}
          text={task.text}
          tokenRow={properties.tokenRow}
          onLogin={properties.onLogin}
          onDone={onDone}
        />
      );
    case "writeData":
      return <WriteDataDialog {...common} loggedIn={properties.tokenRow.login === "user"} onDone={onDone} />;
    case "writeSecretKey":
      return <WriteSecretKeyDialog {...common} onDone={onDone} />;
  }
};

/** What needs the private key, also where its public key was chosen. */
const WithSigner = (properties: {
  row: ObjectRow;
  rows: ObjectRow[];
  onClose(): void;
  children(row: ObjectRow): ReactNode;
}) => {
  const signer = signerFor(properties.row, properties.rows);
  if (signer) return properties.children(signer);
  return (
    <Dialog title={`No private key for ${objectTitle(properties.row)}`} onClose={properties.onClose}>
      <p>No private key on this token has its CKA_ID and may sign. A certificate is asked for with the private key.</p>
    </Dialog>
  );
};
