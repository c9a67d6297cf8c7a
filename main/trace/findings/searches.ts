import { nameCodes, programAt, returnCode } from "../view/view.ts";
import { callRows, type Detector, Rows } from "./finding.ts";

/** A search that was begun and never ended keeps its session from other searches. */
export const searchNotEnded: Detector = ({ view }) => {
  const names = ["C_FindObjectsInit", "C_FindObjectsFinal", "C_CloseSession", "C_CloseAllSessions", "C_Finalize"];
  const [inits, finals] = names.map((name) => nameCodes(view, [name]));
  const closeOne = nameCodes(view, ["C_CloseSession"]);
  const ok = returnCode(view, "CKR_OK");
  const active = returnCode(view, "CKR_OPERATION_ACTIVE");
  /** Row of the running search, by process and session. */
  const running = new Map<string, number>();
  const found = new Rows();
  for (const row of callRows(view, names)) {
    const program = programAt(view, row);
    if (!view.programs[program]?.tellsAll) continue;
    const key = `${program} ${view.sessionAt(row)}`;
    const name = view.nameAt(row);
    const code = view.codeAt(row);
    const began = running.get(key);
    if (inits?.has(name)) {
      if (code === active && began !== undefined) found.add(began);
      else if (code === ok) {
        // A second search that the library lets begin ends the first.
        if (began !== undefined) found.add(began);
        running.set(key, row);
      }
    } else if (finals?.has(name)) running.delete(key);
    else if (closeOne.has(name)) {
      if (began !== undefined) found.add(began);
      running.delete(key);
    } else
      for (const [other, start] of running)
        if (other.startsWith(`${program} `)) {
          found.add(start);
          running.delete(other);
        }
  }
  return found.count === 0
    ? null
    : {
        id: "search-not-ended",
        severity: "warning",
        title: "C_FindObjectsFinal is missing",
        text: "A search was begun and not ended before the next one, or before its session was closed. Other searches in the session are refused meanwhile (CKR_OPERATION_ACTIVE).",
        remedy: "Call C_FindObjectsFinal after each search, also after one that found nothing or failed.",
        rows: found.rows,
        count: found.count,
      };
};
