import type { HandleStory, TraceCall } from "../../../preload/contract/trace.ts";
import { foldHandle } from "../index/columns.ts";
import { attributesOf, fieldOf, handlesOf, hasValue, sessionOf, slotOf } from "../view/fields.ts";
import { flagsOf } from "../view/flags.ts";
import { nameCodes, programAt, returnCode, type TraceView } from "../view/view.ts";

type What = HandleStory["events"][number]["what"];

/** How much of a trace a story looks at, each way from the row. */
interface Reach {
  /** Calls that are decoded. */
  decoded: number;
  /** Rows that are passed over. */
  rows: number;
}
/** For the detail of one handle. */
const wholeStory: Reach = { decoded: 3000, rows: 2_000_000 };
/** For every handle of a call that is looked at. */
const shortStory: Reach = { decoded: 300, rows: 200_000 };

const shownEvents = 200;

const usesObjects =
  /^C_(CreateObject|CopyObject|DestroyObject|GetObjectSize|[GS]etAttributeValue|FindObjects|GenerateKey|GenerateKeyPair|(Wrap|Unwrap)Key(Authenticated)?|DeriveKey|(En|De)capsulateKey|DigestKey|SetOperationState|.*Init)$/;
const notOfObjects = new Set(["C_FindObjectsInit", "C_DigestInit"]);

/** What a call does to an object; null: nothing. */
const onObject = (call: TraceCall, handle: string): What | null => {
  const ok = call.rv === "CKR_OK";
  if (ok && handlesOf(call, "out").includes(handle)) return call.name === "C_FindObjects" ? "found" : "made";
  if (!handlesOf(call, "in").includes(handle)) return null;
  if (ok && call.name === "C_DestroyObject") return "ended";
  return ok && call.name === "C_SetAttributeValue" ? "changed" : "used";
};

/** What a call does to a session. */
const onSession = (call: TraceCall, session: string, slot: string | null): What | null => {
  const ok = call.rv === "CKR_OK";
  if (call.name === "C_OpenSession") return ok && sessionOf(call) === session ? "made" : null;
  if (call.name === "C_CloseAllSessions")
    return ok && (slot === null || slotOf(call) === null || slotOf(call) === slot) ? "ended" : null;
  if (sessionOf(call) !== session) return null;
  if (ok && call.name === "C_CloseSession") return "ended";
  return ok && ["C_Login", "C_LoginUser", "C_Logout"].includes(call.name) ? "changed" : "used";
};

interface Life {
  events: { row: number; what: What; name: string }[];
  calls: TraceCall[];
}

/**
 * Walks one way from a row until the handle's life begins or ends: numbers are used again for other objects and
 * sessions, so what lies beyond is another story.
 */
const walk = (
  view: TraceView,
  from: number,
  step: 1 | -1,
  reach: Reach,
  may: (row: number) => boolean,
  what: (call: TraceCall) => What | null,
): Life => {
  const program = programAt(view, from);
  const life: Life = { events: [], calls: [] };
  const borders = nameCodes(view, ["C_Finalize"]);
  const ok = returnCode(view, "CKR_OK");
  let left = reach.decoded;
  const end = step === 1 ? Math.min(view.count, from + reach.rows) : Math.max(-1, from - reach.rows);
  for (let row = from; row !== end && left > 0; row += step) {
    if (programAt(view, row) !== program || !view.isCall(row)) continue;
    if (borders.has(view.nameAt(row)) && view.codeAt(row) === ok && row !== from) {
      if (step === 1) life.events.push({ row, what: "ended", name: "C_Finalize" });
      return life;
    }
    if (!may(row)) continue;
    left -= 1;
    for (const call of view.calls([row])) {
      const done = what(call);
      if (done === null) continue;
      if (step === -1 && done === "ended" && row !== from) return life;
      if (step === 1 && done === "made" && row !== from) return life;
      life.events.push({ row, what: done, name: call.name });
      life.calls.push(call);
      if ((step === -1 && done === "made") || (step === 1 && done === "ended")) return life;
    }
  }
  return life;
};

/** "private key, label \"x\", ID 01", from templates and attribute reads. */
const aboutObject = (calls: readonly TraceCall[], handle: string): string => {
  const known = new Map<string, string>();
  for (const call of calls) {
    const direction = call.name === "C_GetAttributeValue" ? "out" : "in";
    // A pair has two templates: neither may be told of the other key.
    if (call.name === "C_GenerateKeyPair") {
      const isPublic = handlesOf(
        { ...call, fields: call.fields.filter(({ name }) => /PublicKey/.test(name)) },
        "out",
      ).includes(handle);
      const part = call.fields.filter(({ name }) => name.includes(isPublic ? "Public" : "Private"));
      for (const [name, field] of attributesOf({ ...call, fields: part }, "in")) known.set(name, field.text);
      continue;
    }
    if (
      !/^C_(GetAttributeValue|SetAttributeValue|CreateObject|CopyObject|GenerateKey|UnwrapKey|DeriveKey)/.test(
        call.name,
      ) ||
      call.outcome === "error"
    )
      continue;
    for (const [name, field] of attributesOf(call, direction)) if (hasValue(field)) known.set(name, field.text.trim());
  }
  const label = known.get("CKA_LABEL");
  const parts = [
    known.get("CKA_CLASS"),
    known.get("CKA_KEY_TYPE"),
    label === undefined || label === "" ? undefined : `"${label.slice(0, 80)}"`,
    known.has("CKA_ID") ? `ID ${known.get("CKA_ID")?.slice(0, 80)}` : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
};

const aboutSession = (opening: TraceCall | undefined): string => {
  if (opening === undefined) return "";
  const writes = flagsOf(fieldOf(opening, "flags"), "session").includes("CKF_RW_SESSION");
  return `slot ${slotOf(opening) ?? "?"}, ${writes ? "read-write" : "read-only"}`;
};

/**
 * Where the handle of a call was made, found, used, changed and ended, in the process of the call. Bounded by `reach`.
 * @param row a row in which the handle stands
 * @param handle "0x5"
 */
export const handleStoryOf = (
  view: TraceView,
  row: number,
  handle: string,
  kind: HandleStory["kind"],
  reach: Reach = wholeStory,
): HandleStory => {
  const objectNames = nameCodes(
    view,
    view.names.filter((name) => usesObjects.test(name) && !notOfObjects.has(name)),
  );
  const sessionNames = nameCodes(view, ["C_OpenSession", "C_CloseAllSessions"]);
  const number = foldHandle(Number(handle));
  const may =
    kind === "object"
      ? (at: number) => objectNames.has(view.nameAt(at))
      : (at: number) => view.sessionAt(at) === number || sessionNames.has(view.nameAt(at));
  let slot: string | null = null;
  const what = (call: TraceCall) => {
    const done = kind === "object" ? onObject(call, handle) : onSession(call, handle, slot);
    if (kind === "session" && done === "made") slot = slotOf(call);
    return done;
  };
  const before = walk(view, row, -1, reach, may, what);
  const startsHere = before.events[0]?.row === row && before.events[0].what === "ended";
  const after: Life = startsHere ? { events: [], calls: [] } : walk(view, row, 1, reach, may, what);
  const events = [...before.events.toReversed(), ...after.events.filter((event) => event.row !== row)];
  const calls = [...before.calls.toReversed(), ...after.calls];
  const opening = calls.find(({ name }) => name === "C_OpenSession");
  return {
    handle,
    kind,
    process: view.programs[programAt(view, row)]?.process ?? null,
    about: kind === "object" ? aboutObject(calls, handle) : aboutSession(opening),
    events: shortened(events),
    more: Math.max(0, events.length - shownEvents),
  };
};

/** Beginning and end are kept; uses in the middle are left out first. */
const shortened = (events: HandleStory["events"]): HandleStory["events"] =>
  events.length <= shownEvents ? events : [...events.slice(0, shownEvents - 20), ...events.slice(-20)];

const maxHandles = 4;

/** Handles that a call speaks of: its session, then its objects. */
export const handlesIn = (call: TraceCall): { handle: string; kind: HandleStory["kind"] }[] => {
  const session = sessionOf(call);
  const objects = [...handlesOf(call, "in"), ...handlesOf(call, "out")].filter((handle) => handle !== "0x0");
  return [
    ...(session === null ? [] : [{ handle: session, kind: "session" as const }]),
    ...[...new Set(objects)].map((handle) => ({ handle, kind: "object" as const })),
  ].slice(0, maxHandles);
};

/** Short stories of a call's handles, for its detail. */
export const handleStories = (view: TraceView, call: TraceCall): HandleStory[] =>
  call.kind === "call"
    ? handlesIn(call).map(({ handle, kind }) => handleStoryOf(view, call.row, handle, kind, shortStory))
    : [];
