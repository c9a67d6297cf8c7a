import type { MainHandlers } from "../dispatch.ts";
import type { Modules } from "./modules.ts";

type ModuleHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `modules.${string}`>>;

export const moduleHandlers = (modules: Modules): ModuleHandlers =>
  ({
    "modules.list": () => ({ modules: modules.rows() }),
    "modules.add": ({ path, name, environment, initString }) =>
      modules.add(path, name ?? path, environment, initString ?? null),
  }) as Partial<ModuleHandlers> as ModuleHandlers;
