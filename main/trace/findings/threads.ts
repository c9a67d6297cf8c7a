import { fieldOf, isNull } from "../view/fields.ts";
import { flagsOf } from "../view/flags.ts";
import { programAt, returnCode } from "../view/view.ts";
import { callRows, counted, type Detector, linkedRows, programNamed, Rows } from "./finding.ts";

/** Calls that do not count as use: they come before the library is started, from whatever thread loads it. */
const loading = new Set(["C_GetFunctionList", "C_GetInterface", "C_GetInterfaceList", "C_Initialize", "C_Finalize"]);

/** Several threads call a library that was told nothing of threads. */
export const threadsWithoutLocking: Detector = ({ view }) => {
  const isLoading = view.names.map((name) => loading.has(name));
  const threads = view.programs.map(() => new Set<number>());
  for (const row of callRows(view, null))
    if (!isLoading[view.nameAt(row)]) threads[programAt(view, row)]?.add(view.laneAt(row));
  const ok = returnCode(view, "CKR_OK");
  const inits = [...callRows(view, ["C_Initialize"])].filter(
    (row) => view.codeAt(row) === ok && (threads[programAt(view, row)]?.size ?? 0) > 1,
  );
  const found = new Rows();
  let program = 0;
  for (const call of view.calls(inits.slice(0, linkedRows))) {
    const args = fieldOf(call, "pInitArgs");
    const mutex = fieldOf(call, "CreateMutex");
    const locks = flagsOf(fieldOf(call, "flags") ?? args, "initialize").includes("CKF_OS_LOCKING_OK");
    if (locks || (mutex !== undefined && !isNull(mutex))) continue;
    // A pointer alone does not tell what it points to.
    if (args !== undefined && !isNull(args) && fieldOf(call, "flags") === undefined && args.fields === undefined)
      continue;
    found.add(call.row);
    program = programAt(view, call.row);
  }
  return found.count === 0
    ? null
    : {
        id: "threads-without-locking",
        severity: "warning",
        title: "Several threads use the library, which was told of one",
        text: `${programNamed(view, program)} called C_Initialize without CKF_OS_LOCKING_OK and without locks of its own, and then calls from ${counted(threads[program]?.size ?? 0, "thread")}. The library need not protect itself then: crashes and mixed results may follow.`,
        remedy: "Give C_Initialize a structure with CKF_OS_LOCKING_OK.",
        rows: found.rows,
        count: found.count,
      };
};
