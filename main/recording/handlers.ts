import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { commandLine } from "../commands/shell-words.ts";
import type { HandlersOf } from "../dispatch.ts";
import { headerError } from "../modules/consent.ts";
import { fileFacts } from "../modules/inspect.ts";
import type { Modules } from "../modules/modules.ts";
import { Failure } from "../pkcs11/failure.ts";
import { planFor } from "./plan.ts";
import type { Recording } from "./recording.ts";
import { maskSecrets, secretWarning } from "./secret-arguments.ts";

export const recordingHandlers = (recording: Recording, modules: Modules): HandlersOf<"recording"> => ({
  "recording.state": () => recording.state(),
  "recording.start": async (wanted) => {
    for (const id of wanted.modules ?? []) modules.find(id);
    await recording.choose({ ...wanted, modules: wanted.modules?.map((id) => modules.find(id).kept.id) });
    await recording.watch();
    await modules.restartRunning(wanted.modules);
    return recording.state();
  },
  "recording.stop": async ({ modules: ids }) => {
    const chosen = ids?.map((id) => modules.find(id).kept.id);
    const before = (await recording.state()).modules;
    await recording.unchoose(chosen);
    await modules.restartRunning(before.filter((id) => !chosen || chosen.includes(id)));
    return recording.state();
  },
  "recording.list": async () => {
    // Whoever looks at the list is told of what other programs record meanwhile.
    await recording.watch();
    const recordings = await recording.list();
    return { recordings, totalBytes: recordings.reduce((sum, { bytes }) => sum + bytes, 0) };
  },
  "recording.remove": ({ names }) => recording.remove(names),
  "recording.retention": async (retention) => {
    await recording.setRetention(retention);
    return recording.state();
  },
  "recording.copy": async ({ module, level }) => {
    const kept = modules.get(module)?.kept;
    const path = kept?.path ?? module;
    const facts = await fileFacts(path);
    const unfit = headerError(facts);
    if (unfit) throw new Failure(unfit);
    return recording.copy(kept?.name ?? modules.known.library(path, facts.realPath)?.vendor ?? path, path, level);
  },
  "recording.removeCopy": async ({ library }) => {
    await recording.copies.remove(library);
    recording.tell([]);
    return recording.state();
  },
  "recording.run": async (wanted) => {
    await recording.watch();
    return recording.runs.start(wanted);
  },
  "recording.runs": async () => ({ runs: await recording.runs.rows() }),
  "recording.endRun": async ({ run }) => {
    await recording.runs.end(run);
    return {};
  },
  "recording.plan": async ({ command }) => {
    const masked = maskSecrets(command);
    const warning = secretWarning(masked);
    const first = command[0] ?? "";
    return {
      ...(await planFor(command, isAbsolute(first) ? "/" : homedir())),
      terminal: await recording.terminalLine(commandLine(masked.words)),
      warnings: warning ? [warning] : [],
    };
  },
});
