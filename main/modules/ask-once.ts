import type { CheckedInput, HostRequestName, Output } from "../../preload/contract/index.ts";
import type { ForkHost } from "../host/process.ts";
import { TokenHost } from "../host/supervisor.ts";
import { Failure } from "../pkcs11/failure.ts";
import type { KeptModule } from "./kept.ts";

/** For loading and for the answer, each. */
const limitSeconds = 60;

/**
 * One request to a library that is not kept, in a token host of its own, which ends with the answer. The caller has
 * seen to it that the file may be loaded.
 * @throws Failure of loading, or of the request
 */
export const askOnce = async <N extends HostRequestName>(
  fork: ForkHost,
  { path, initString }: Pick<KeptModule, "path" | "initString">,
  name: N,
  input: CheckedInput<N>,
): Promise<Output<N>> => {
  const setup = { path, initString, module: path, timing: { idleLogoutMinutes: 0, pollSeconds: 3600 } };
  const host = new TokenHost(fork, {}, setup, { onEvent: () => {}, onEnd: () => {} });
  try {
    const started = await host.start(limitSeconds);
    if (!started.ok) throw new Failure(started.error);
    const reply = await host.call(name, input, limitSeconds);
    if (!reply.ok) throw new Failure(reply.error);
    return reply.value as Output<N>;
  } finally {
    await host.stop();
  }
};
