import type { MainHandlers } from "../dispatch.ts";
import type { Modules } from "../modules/modules.ts";
import { equivalentCommands } from "./equivalent.ts";

type CommandHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `commands.${string}`>>;

export const commandHandlers = (modules: Modules): CommandHandlers => ({
  "commands.equivalent": ({ request, input }) => {
    const kept = typeof input.module === "string" ? modules.get(input.module)?.kept : undefined;
    return equivalentCommands(request, input, kept ?? null);
  },
});
