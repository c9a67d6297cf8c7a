import type { ObjectRow } from "../../preload/contract/objects.ts";
import { type Action, useActions } from "../frame/actions.tsx";
import { writeProtectedWords } from "../tokens/tasks.ts";
import { copyText } from "../ui/copy.ts";
import { colonHex, uriId } from "./ids.ts";
import { canRequest, canSave, canSign, type ObjectTask } from "./tasks.ts";
import { canView } from "./useViewing.ts";

interface Here {
  chosen: ObjectRow[];
  writeProtected: boolean;
  inspecting: boolean;
  grouped: boolean;
  onTask(task: ObjectTask): void;
  onView(rows: ObjectRow[]): Promise<void>;
  onTrust(rows: ObjectRow[]): Promise<void>;
  onRefresh(): void;
  onFilter(): void;
  onInspect(): void;
  onGroup(): void;
}

/** Everything that can be done with objects, for the command palette and by key. */
export const useObjectActions = (here: Here): void => {
  useActions("objects", [...making(here), ...withChosen(here), ...looking(here)]);
};

const making = ({ onTask, writeProtected: disabled }: Here): Action[] => {
  const group = "Objects";
  const why = writeProtectedWords;
  return [
    {
      id: "generate",
      title: "Generate key",
      group,
      keys: "Ctrl+G",
      disabled,
      why,
      run: () => onTask({ kind: "generate" }),
    },
    {
      id: "import",
      title: "Import file",
      group,
      keys: "Ctrl+O",
      disabled,
      why,
      run: () => onTask({ kind: "import", files: [] }),
    },
    {
      id: "reply",
      title: "Take a certificate reply",
      group,
      disabled,
      why,
      run: () => onTask({ kind: "reply", files: [] }),
    },
    { id: "writeData", title: "Write a data object", group, disabled, why, run: () => onTask({ kind: "writeData" }) },
    {
      id: "writeSecretKey",
      title: "Write a secret key",
      group,
      disabled,
      why,
      run: () => onTask({ kind: "writeSecretKey" }),
    },
    { id: "inventory", title: "Save the inventory as CSV or JSON", group, run: () => onTask({ kind: "inventory" }) },
  ];
};

const withChosen = ({ chosen, onTask, onView, onTrust, writeProtected }: Here): Action[] => {
  const [first] = chosen;
  if (!first) return [];
  const group = "Chosen";
  const fixed = writeProtected || !first.modifiable;
  const why = writeProtected ? writeProtectedWords : "The object is not modifiable (CKA_MODIFIABLE).";
  const one: Action[] =
    chosen.length > 1
      ? []
      : [
          {
            id: "rename",
            title: "Rename",
            group,
            keys: "F2",
            disabled: fixed,
            why,
            run: () => onTask({ kind: "rename", row: first }),
          },
          {
            id: "changeId",
            title: "Change CKA_ID",
            group,
            disabled: fixed,
            why,
            run: () => onTask({ kind: "id", row: first }),
          },
          {
            id: "copyObject",
            title: "Copy object",
            group,
            disabled: writeProtected,
            why,
            run: () => onTask({ kind: "copy", row: first }),
          },
          ...(canSign(first)
            ? [
                {
                  id: "testSignature",
                  title: "Test signature",
                  group,
                  run: () => onTask({ kind: "testSignature", row: first }),
                },
              ]
            : []),
          ...(canRequest(first)
            ? [
                {
                  id: "requestCertificate",
                  title: "Request a certificate",
                  group,
                  run: () => onTask({ kind: "request", row: first }),
                },
                {
                  id: "selfSign",
                  title: "Self-signed certificate",
                  group,
                  run: () => onTask({ kind: "selfSign", row: first }),
                },
                {
                  id: "issue",
                  title: "Issue a certificate as a CA",
                  group,
                  run: () => onTask({ kind: "issue", row: first }),
                },
              ]
            : []),
          { id: "copyUri", title: "Copy PKCS#11 URI", group, run: () => void copyText(first.uri, "URI") },
          ...(first.id
            ? [
                { id: "copyId", title: "Copy CKA_ID", group, run: () => void copyText(first.id, "CKA_ID") },
                {
                  id: "copyIdColons",
                  title: "Copy CKA_ID with colons",
                  group,
                  run: () => void copyText(colonHex(first.id), "CKA_ID"),
                },
                {
                  id: "copyIdUri",
                  title: "Copy CKA_ID for a URI",
                  group,
                  run: () => void copyText(uriId(first.id), "CKA_ID"),
                },
              ]
            : []),
        ];
  const rows = chosen.filter(canSave);
  const viewed = chosen.filter(canView);
  return [
    ...one,
    ...(viewed.length > 0
      ? [
          { id: "view", title: "View certificate", group, keys: "v", run: () => void onView(viewed) },
          { id: "trust", title: "Trust elsewhere (trust store)", group, run: () => void onTrust(viewed) },
        ]
      : []),
    ...(rows.length > 0
      ? [{ id: "save", title: "Save to file", group, keys: "Ctrl+S", run: () => onTask({ kind: "save", rows }) }]
      : []),
    {
      id: "delete",
      title: "Delete",
      group,
      keys: "Delete",
      disabled: writeProtected,
      why: writeProtectedWords,
      run: () => onTask({ kind: "delete", rows: chosen }),
    },
  ];
};

const looking = (here: Here): Action[] => {
  const group = "View";
  return [
    { id: "filter", title: "Filter objects", group, keys: "/", run: here.onFilter },
    { id: "refresh", title: "Read the objects again", group, keys: "F5", run: here.onRefresh },
    { id: "group", title: here.grouped ? "Do not group" : "Group by CKA_ID", group, run: here.onGroup },
    {
      id: "inspector",
      title: here.inspecting ? "Close the inspector" : "Open the inspector",
      group,
      keys: "Ctrl+I",
      run: here.onInspect,
    },
  ];
};
