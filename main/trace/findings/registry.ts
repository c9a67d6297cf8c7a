import type { Finding, LoginTrace } from "../../../preload/contract/trace.ts";
import type { TraceView } from "../view/view.ts";
import { neverReturned, slowCalls } from "./durations.ts";
import type { Detector } from "./finding.ts";
import { loginStorm } from "./login-storm.ts";
import { contextLoginMissing, loginMissing, privateBeforeLogin } from "./logins-needed.ts";
import { mechanismNotInList, vendorMechanism } from "./mechanisms.ts";
import { pollingStorm } from "./polling.ts";
import { returnCodeFindings } from "./return-codes.ts";
import { searchNotEnded } from "./searches.ts";
import { finalizeWithSessions, sessionChurn, sessionLeak } from "./sessions.ts";
import { singleAttributes } from "./single-attributes.ts";
import { threadsWithoutLocking } from "./threads.ts";
import { finalTryUsed, repeatedWrongPin } from "./wrong-pins.ts";

/** Everything that is looked for. */
const detectors: readonly Detector[] = [
  repeatedWrongPin,
  finalTryUsed,
  contextLoginMissing,
  loginMissing,
  neverReturned,
  mechanismNotInList,
  ...returnCodeFindings,
  threadsWithoutLocking,
  searchNotEnded,
  sessionLeak,
  pollingStorm,
  singleAttributes,
  privateBeforeLogin,
  sessionChurn,
  loginStorm,
  finalizeWithSessions,
  slowCalls,
  vendorMechanism,
];

const rank: Record<Finding["severity"], number> = { error: 0, warning: 1, hint: 2 };

const gravestFirst = (found: readonly Finding[]): Finding[] =>
  found.toSorted((a, b) => rank[a.severity] - rank[b.severity]);

/** What is wrong or worth knowing in a trace, the gravest first. */
export const findings = (view: TraceView, logins: LoginTrace): Finding[] =>
  gravestFirst(detectors.flatMap((detect) => detect({ view, logins }) ?? []));
