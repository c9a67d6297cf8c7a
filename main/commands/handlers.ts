import type { MainHandlers } from "../dispatch.ts";
import type { Modules } from "../modules/modules.ts";

type CommandHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `commands.${string}`>>;

export const commandHandlers = (_modules: Modules): CommandHandlers => ({
  "commands.equivalent": () => ({ commands: [], note: null }),
});
