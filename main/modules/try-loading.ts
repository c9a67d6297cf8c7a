import type { Reply } from "../../preload/contract/errors.ts";
import type { ForkHost } from "../host/process.ts";
import type { ModuleInfo } from "../host/protocol.ts";
import { TokenHost } from "../host/supervisor.ts";
import type { KeptModule } from "./kept.ts";

/** How long a library may take when it is only tried; shorter than for one that the user wants. */
const limitSeconds = 8;

/** Loads and initialises a library in a process of its own, which then ends. At most its slots are looked at. */
export const tryLoading = async (
  fork: ForkHost,
  { path, environment, initString }: Pick<KeptModule, "path" | "environment" | "initString">,
): Promise<Reply<ModuleInfo>> => {
  const timing = { idleLogoutMinutes: 0, pollSeconds: 60 };
  const setup = { path, initString, module: "tried", timing };
  const host = new TokenHost(fork, environment, setup, { onEvent: () => {}, onEnd: () => {} });
  const reply = await host.start(limitSeconds);
  await host.stop();
  return reply;
};
