import { randomUUID } from "node:crypto";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { DomainHandlers } from "../host/handlers.ts";
import { needLogin } from "../keys/login-needed.ts";
import { openToken } from "../objects/open-token.ts";
import { failure, toErrorData } from "../pkcs11/failure.ts";
import { carryOut } from "./carry-out.ts";
import { examineToken, tokenWords } from "./examine-token.ts";
import { linkMemory } from "./memory.ts";
import { preview } from "./preview.ts";
import { inverseWords, takeBack } from "./undo.ts";

type RepairHandlers = Pick<DomainHandlers<"links">, "repairPreview" | "repair" | "undoList" | "undo">;

export const repairHandlers: RepairHandlers = {
  repairPreview: async ({ token, repairs, replace }, { library }) => {
    const open = openToken(library, token);
    needLogin(library, open.token, "examining links");
    const { shown, refused, warnings, digest } = preview(
      library,
      open,
      await examineToken(library, open),
      repairs,
      replace,
    );
    return { steps: shown, refused, warnings, digest };
  },

  repair: async ({ token, repairs, replace, digest }, { library, progress, emit, module }) => {
    const open = openToken(library, token);
    needLogin(library, open.token, "C_SetAttributeValue");
    const now = preview(library, open, await examineToken(library, open), repairs, replace);
    if (now.digest !== digest) throw changedSince(token);
    try {
      const { inverses, ...reply } = await carryOut(library, open, now.steps, (done) =>
        progress({ done, of: now.steps.length }),
      );
      if (inverses.length === 0) return { ...reply, undo: null };
      const title =
        now.shown.length === 1 ? (now.shown[0]?.title ?? "") : `${reply.done.length} of ${now.shown.length} changes`;
      const record = { name: randomUUID(), at: new Date(), title, inverses };
      linkMemory(library, open.token).undos.push(record);
      return { ...reply, undo: record.name };
    } finally {
      // Also after a failure: a step may have been done in part.
      emit("objects.changed", { module, token });
    }
  },

  undoList: ({ token }, { library }) => ({
    undos: linkMemory(library, library.findToken(token))
      .undos.map(({ name, at, title, inverses }) => ({
        undo: name,
        at: at.toISOString(),
        title,
        steps: [...inverses].reverse().map(inverseWords),
      }))
      .reverse(),
  }),

  undo: ({ token, undo }, { library, emit, module }) => {
    const open = openToken(library, token);
    const memory = linkMemory(library, open.token);
    const record = memory.undos.find(({ name }) => name === undo);
    if (!record) throw noSuchUndo(token);
    needLogin(library, open.token, "C_SetAttributeValue");
    const done: string[] = [];
    const left = () => [...record.inverses].reverse().map(inverseWords);
    try {
      for (let inverse = record.inverses.at(-1); inverse; inverse = record.inverses.at(-1)) {
        const words = inverseWords(inverse);
        const rows = takeBack(library, open, inverse);
        if (rows) memory.proofs.renamed(rows.before, rows.after);
        record.inverses.pop();
        done.push(words);
      }
    } catch (thrown) {
      return { done, failed: toErrorData(thrown, "undo"), notDone: left() };
    } finally {
      emit("objects.changed", { module, token });
      if (record.inverses.length === 0) memory.undos.splice(memory.undos.indexOf(record), 1);
    }
    return { done, failed: null, notDone: [] };
  },
};

const changedSince = (token: TokenRef) =>
  failure("OBJECT_CHANGED", {
    where: tokenWords(token),
    message: "The token is not as it was when the preview was made. Nothing was done.",
    remedy: "Look at the preview again.",
  });

const noSuchUndo = (token: TokenRef) =>
  failure("OBJECT_GONE", {
    where: tokenWords(token),
    message: "There is no such repair to undo: it was undone, or the module was started anew since.",
    remedy: "`links.undoList` names those that there are.",
  });
