import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { DomainHandlers, HostContext } from "../host/handlers.ts";
import { copyObject } from "./copy-object.ts";
import { deleteConfirmation, deleteObjects, deleteWarnings, findAll } from "./delete-objects.ts";
import { fileNameFrom } from "./file-name.ts";
import { findObject } from "./find-object.ts";
import { inventoryCsv, inventoryJson } from "./inventory.ts";
import { attributeRows } from "./lens.ts";
import { listRows } from "./list.ts";
import { openToken } from "./open-token.ts";
import { privateIncluded } from "./private-included.ts";
import { readOut } from "./read-out.ts";
import { readRow } from "./read-row.ts";
import { setAttributes } from "./set-attributes.ts";

type Objects = DomainHandlers<"objects">;
type Importing = Pick<Objects, "importPreview" | "importClose" | "import" | "writeData" | "writeSecretKey">;
type Own = Omit<Objects, keyof Importing>;

const changed = ({ emit, module }: Pick<HostContext, "emit" | "module">, token: TokenRef) =>
  emit("objects.changed", { module, token });

const ownHandlers: Own = {
  list: async ({ token: ref, stream }, { library, progress }) => {
    const start = performance.now();
    const { token, session } = openToken(library, ref);
    const rows: ObjectRow[] = [];
    const count = await listRows(library, session, (page) => (stream ? progress({ rows: page }) : rows.push(...page)));
    return {
      rows,
      count,
      privateIncluded: privateIncluded(library, token),
      milliseconds: Math.round(performance.now() - start),
    };
  },

  attributes: ({ token, object }, { library }) => {
    const { session } = openToken(library, token);
    const { handle, row } = findObject(library, session, object);
    return { object: row, attributes: attributeRows(library, session, handle, row) };
  },

  set: ({ token, object, changes, allowDuplicate }, context) => {
    const { library } = context;
    const open = openToken(library, token);
    const found = findObject(library, open.session, object);
    try {
      const done = setAttributes(library, open, found, changes, allowDuplicate);
      return { object: readRow(library, open.session, found.handle), ...done };
    } finally {
      // Also after a failure: what was written and reads back otherwise has changed too.
      changed(context, token);
    }
  },

  copy: ({ token, object, label, id, allowDuplicate }, context) => {
    const { library } = context;
    const open = openToken(library, token);
    const found = findObject(library, open.session, object);
    try {
      const { handle, ...done } = copyObject(library, open, found, { label, id, allowDuplicate });
      return { object: readRow(library, open.session, handle), ...done };
    } finally {
      changed(context, token);
    }
  },

  deletePreview: ({ token, objects }, { library }) => {
    const open = openToken(library, token);
    const found = findAll(library, open.session, objects);
    const rows = found.map(({ row }) => row);
    const confirmation = deleteConfirmation(rows, open.token.info);
    return { rows, warnings: deleteWarnings(library, open.session, found), confirmation };
  },

  delete: async ({ token, objects, confirmation }, context) => {
    const { library, progress } = context;
    const open = openToken(library, token);
    const result = await deleteObjects(library, open, objects, confirmation, (done, of) => progress({ done, of }));
    if (result.deleted.length > 0) changed(context, token);
    return result;
  },

  read: ({ token, object, format }, { library }) => {
    const { session } = openToken(library, token);
    return readOut(library, session, findObject(library, session, object), format);
  },

  inventory: async ({ token: ref, format }, { library }) => {
    const { token, session } = openToken(library, ref);
    const rows: ObjectRow[] = [];
    const count = await listRows(library, session, (page) => rows.push(...page));
    const name = (extension: string) => fileNameFrom(`${ref.label || ref.serial}-objects`, "objects", extension);
    return format === "csv"
      ? { fileName: name(".csv"), mediaType: "text/csv", text: inventoryCsv(rows), count }
      : {
          fileName: name(".json"),
          mediaType: "application/json",
          text: inventoryJson(ref, privateIncluded(library, token), rows),
          count,
        };
  },
};

/** What opens key files of every kind takes 30 ms to load: it comes with the first request that writes. */
const importing = async () => (await import("./import/handlers.ts")).importHandlers;

const importHandlers: Importing = {
  importPreview: async (input, context) => (await importing()).importPreview(input, context),
  importClose: async (input, context) => (await importing()).importClose(input, context),
  import: async (input, context) => (await importing()).import(input, context),
  writeData: async (input, context) => (await importing()).writeData(input, context),
  writeSecretKey: async (input, context) => (await importing()).writeSecretKey(input, context),
};

export const objectHandlers: Objects = { ...ownHandlers, ...importHandlers };
