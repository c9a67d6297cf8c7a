import type { HandlersOf } from "../dispatch.ts";
import type { Modules } from "../modules/modules.ts";
import { equivalentCommands } from "./equivalent.ts";

export const commandHandlers = (modules: Modules): HandlersOf<"commands"> => ({
  "commands.equivalent": ({ request, input }) => {
    const host = typeof input.module === "string" ? modules.get(input.module) : undefined;
    if (!host) return equivalentCommands(request, input, null);
    const { kept, seenTokens: tokens, row } = host;
    const name = row.info ? `${row.info.manufacturer} ${row.info.description}` : kept.path;
    return equivalentCommands(request, input, { ...kept, tokens, slotsBySerial: /softhsm/i.test(name) });
  },
});
