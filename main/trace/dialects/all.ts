import type { DialectName } from "../../../preload/contract/trace.ts";
import type { Detection, Dialect } from "./dialect.ts";
import { openscDebug } from "./opensc-debug.ts";
import { openscSpy } from "./opensc-spy.ts";
import { p11Kit } from "./p11-kit.ts";
import { pkcs11Logger } from "./pkcs11-logger.ts";
import { pkcs11shim } from "./pkcs11shim.ts";
import { tokenglass } from "./tokenglass.ts";

/** Every dialect that can be read. A new one is added here. */
export const dialects: readonly Dialect[] = [tokenglass, openscSpy, openscDebug, p11Kit, pkcs11Logger, pkcs11shim];

export const dialectNamed = (name: DialectName): Dialect | undefined =>
  dialects.find((dialect) => dialect.name === name);

/** @returns the dialect that fits the start of a log best, or null if none does. */
export const detectDialect = (head: Uint8Array): { dialect: Dialect; detection: Detection } | null => {
  let best: { dialect: Dialect; detection: Detection } | null = null;
  for (const dialect of dialects) {
    const detection = dialect.detect(head);
    if (detection.confidence > (best?.detection.confidence ?? 0)) best = { dialect, detection };
  }
  return best;
};
