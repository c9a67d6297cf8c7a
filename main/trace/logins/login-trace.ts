import type { LoginEvent, LoginTrace, TraceCall } from "../../../preload/contract/trace.ts";
import { pinFlagsOf } from "../explain/pins.ts";
import { fieldOf, sessionOf, slotOf } from "../view/fields.ts";
import { flagsOf } from "../view/flags.ts";
import { processKey, type TraceView } from "../view/view.ts";
import { type BareEvent, bareEvent } from "./event.ts";
import { meaningOf } from "./meaning.ts";
import { Tries } from "./one-try.ts";
import { loginRows } from "./select.ts";
import { tokenKey, verdictsOf } from "./verdicts.ts";

interface TokenSeen {
  text: string;
  flags: string[];
}
interface ProcessSeen {
  slotOfSession: Map<string, string>;
  tokens: Map<string, TokenSeen>;
  /** Who is logged in, by slot. */
  users: Map<string, BareEvent["user"]>;
  /** Events that wait for the flags after them. */
  waiting: BareEvent[];
}

const tokenText = (call: TraceCall): string => {
  const label = fieldOf(call, "label", "out")?.text.trim() ?? "";
  const serial = fieldOf(call, "serialNumber", "out")?.text.trim() ?? "";
  return serial === "" ? label : `${label} (${serial})`;
};

/**
 * The login trace of decoded calls in the order of time: logins and what is around them.
 * @param programOf executable of a call's process, null if the log does not tell
 */
export const loginTraceOf = (calls: Iterable<TraceCall>, programOf: (call: TraceCall) => string | null): LoginTrace => {
  const processes = new Map<string, ProcessSeen>();
  const events: BareEvent[] = [];
  const tries = new Tries();
  const seenOf = (call: TraceCall): ProcessSeen => {
    const key = processKey(call);
    const known = processes.get(key);
    if (known !== undefined) return known;
    const fresh: ProcessSeen = { slotOfSession: new Map(), tokens: new Map(), users: new Map(), waiting: [] };
    processes.set(key, fresh);
    return fresh;
  };
  for (const call of calls) {
    const seen = seenOf(call);
    if (call.name === "C_OpenSession") {
      const [session, slot] = [sessionOf(call), slotOf(call)];
      if (call.rv === "CKR_OK" && session !== null && slot !== null) seen.slotOfSession.set(session, slot);
      continue;
    }
    if (call.name === "C_GetTokenInfo") {
      tokenInfoSeen(call, seen);
      continue;
    }
    const event = bareEvent(call, programOf(call));
    if (!tries.isNew(call, event) || event === null) continue;
    placeEvent(event, call, seen);
    events.push(event);
  }
  tellMeanings(events);
  return {
    events: events.map(({ verdict: _verdict, ...event }): LoginEvent => event),
    verdicts: verdictsOf(events),
    more: 0,
  };
};

/** Keeps what was read of a token, and gives its flags to the events before it. */
const tokenInfoSeen = (call: TraceCall, seen: ProcessSeen): void => {
  if (call.rv !== "CKR_OK") return;
  const slot = slotOf(call) ?? "";
  const flags = flagsOf(fieldOf(call, "flags", "out"), "token");
  const text = tokenText(call);
  seen.tokens.set(slot, { text, flags });
  seen.waiting = seen.waiting.filter((event) => {
    if (event.slot !== null && slot !== "" && event.slot !== slot) return true;
    event.flagsAfter = pinFlagsOf(flags, event.user);
    event.token ??= text;
    return false;
  });
};

const placeEvent = (event: BareEvent, call: TraceCall, seen: ProcessSeen): void => {
  const slot = slotOf(call) ?? (event.session === null ? undefined : seen.slotOfSession.get(event.session)) ?? null;
  event.slot = slot;
  // Without slots in the log, the process's only token is meant.
  const token =
    slot === null ? (seen.tokens.size === 1 ? [...seen.tokens.values()][0] : undefined) : seen.tokens.get(slot);
  const user = seen.users.get(slot ?? "");
  if (event.function === "C_SetPIN" || event.function === "C_Logout") event.user ??= user === "SO" ? "SO" : "user";
  if (token !== undefined) {
    event.token = token.text;
    event.flagsBefore = pinFlagsOf(token.flags, event.user);
  }
  if (event.verdict === "right") {
    if (event.function === "C_Login" && event.user !== "context-specific") seen.users.set(slot ?? "", event.user);
    if (event.function === "C_Logout" || event.function === "C_InitToken") seen.users.delete(slot ?? "");
  }
  // The nearest event alone: flags that are read later belong to the later try.
  seen.waiting = [...seen.waiting.filter((other) => other.slot !== slot), event];
};

const tellMeanings = (events: readonly BareEvent[]): void => {
  const wrong = new Map<string, number>();
  for (const event of events) {
    const key = `${tokenKey(event)}\n${event.user === "SO"}`;
    const before = wrong.get(key) ?? 0;
    event.meaning = meaningOf(event, before);
    if (event.verdict === "wrong") wrong.set(key, before + 1);
    else if (event.verdict === "right" && event.function !== "C_Logout") wrong.set(key, 0);
  }
};

/** The login trace of a whole trace, whatever its length: only logins and what is around them are decoded. */
export const loginTrace = (view: TraceView): LoginTrace => {
  const programs = new Map(view.programs.map((entry) => [processKey(entry), entry.program]));
  const { rows, more } = loginRows(view);
  return { ...loginTraceOf(view.calls(rows), (call) => programs.get(processKey(call)) ?? null), more };
};
