import type { ErrorData } from "../../preload/contract/errors.ts";
import type { HostRequestName } from "../../preload/contract/index.ts";
import { loadError } from "../modules/load-errors.ts";
import { addOnIfBuilt } from "../pkcs11/add-on.ts";
import { toErrorData } from "../pkcs11/failure.ts";
import { Library } from "../pkcs11/library.ts";
import { Watch } from "../tokens/watch.ts";
import { hostHandlers } from "./all-handlers.ts";
import { openChannel } from "./channel.ts";
import type { HostContext, HostHandler } from "./handlers.ts";
import type { HostSetup, ToHost } from "./protocol.ts";

/**
 * The token host: a process that loads one PKCS#11 module and carries out requests on it. If the module crashes or
 * hangs, this process is lost and nothing else.
 */
const channel = openChannel();
/** Told by a parent that is the process which forked this one: Electron's are not, and end their children themselves. */
const parentPid = /^\d+$/.test(process.argv[2] ?? "") ? Number(process.argv[2]) : undefined;
let library: Library | null = null;
let setup: HostSetup | null = null;
let watch: Watch | null = null;

const start = (wanted: HostSetup): void => {
  setup = wanted;
  const opened = new Library((name) => channel.send({ kind: "entering", function: name }));
  try {
    const info = opened.open(wanted.library ?? wanted.path, wanted.initString);
    library = opened;
    watch = new Watch(opened, wanted.module, wanted.timing, (name, data) =>
      channel.send({ kind: "event", name, data }),
    );
    channel.send({ kind: "ready", info });
    watch.start();
  } catch (thrown) {
    const error: ErrorData = loadError(wanted.path, thrown) ?? toErrorData(thrown, `C_Initialize of ${wanted.path}`);
    channel.send({ kind: "failed", error });
  }
};

const call = async (id: number, name: HostRequestName, input: unknown): Promise<void> => {
  if (!library || !setup) return;
  channel.send({ kind: "began", id });
  const context: HostContext = {
    library,
    module: setup.module,
    progress: (value) => channel.send({ kind: "progress", id, value }),
    emit: (event, data) => channel.send({ kind: "event", name: event, data }),
  };
  const release = watch?.busy(input);
  try {
    // Main has checked the input against the contract; the handler table is typed by the same contract.
    const value = await (hostHandlers[name] as unknown as HostHandler<HostRequestName>)(
      input as never,
      context as never,
    );
    channel.send({ kind: "reply", id, reply: { ok: true, value } });
  } catch (thrown) {
    channel.send({ kind: "reply", id, reply: { ok: false, error: toErrorData(thrown, name) } });
  } finally {
    release?.();
  }
};

const stop = (): void => {
  watch?.stop();
  library?.close();
  process.exit(0);
};

const receive = (message: ToHost): void => {
  if (message.kind === "start") start(message.setup);
  else if (message.kind === "call") void call(message.id, message.name, message.input);
  else if (message.kind === "timing") watch?.setTiming(message.timing);
  else stop();
};

// Messages that arrive together would all be begun before the first reply leaves: each gets a turn of its own.
channel.onMessage((message) => setImmediate(receive, message));
channel.onParentGone(stop);
// While a module hangs nothing is heard of the closed channel; then the kernel tells.
if (parentPid !== undefined) addOnIfBuilt()?.endWithParent(parentPid);
// Ctrl-C reaches every process of the terminal. The parent decides when this one ends, so that it logs out first.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
