import type { HandlersOf } from "../dispatch.ts";
import { browse } from "./browse.ts";
import { findModules } from "./find.ts";
import type { Modules } from "./modules.ts";

export const moduleHandlers = (modules: Modules): HandlersOf<"modules"> => ({
  "modules.list": () => ({ modules: modules.rows() }),
  "modules.find": (wanted, { progress }) => findModules(modules, wanted, progress),
  "modules.inspect": ({ path }) => modules.inspect(path),
  "modules.browse": ({ folder }) => browse(folder),
  "modules.add": (wanted) => modules.add(wanted),
  "modules.remove": async ({ module }) => {
    await modules.remove(module);
    return {};
  },
  "modules.start": ({ module, sha256 }) => modules.start(module, sha256),
  "modules.stop": async ({ module }) => {
    const host = modules.find(module);
    await host.stop();
    return host.row;
  },
  "modules.restart": async ({ module }) => {
    const host = modules.find(module);
    await host.restart();
    return host.row;
  },
});
