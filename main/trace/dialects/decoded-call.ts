import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { summaryLine } from "../summary-line.ts";
import type { RecordContext } from "./dialect.ts";

/** A call with its arguments, and what they tell beyond the index: the whole session handle, a line, a size question. */
export const decodedCall = (row: RecordContext["row"], fields: TraceField[], rvNumber: number | null): TraceCall => ({
  ...row,
  session: fields.find(({ name }) => name === "hSession")?.handle ?? row.session,
  summary: summaryLine(fields),
  rvNumber,
  fields,
  marks: isSizeQuestion(row.name, row.rv, fields) ? [...row.marks, "size-question"] : row.marks,
});

/** A result without a buffer asks how long it is. */
const isSizeQuestion = (name: string, rv: string | null, fields: TraceCall["fields"]): boolean =>
  rv === "CKR_OK" &&
  /^C_(Sign|Encrypt|Decrypt|Digest|Wrap|GetOperationState)/.test(name) &&
  fields.some(({ direction, kind, length }) => direction === "out" && kind === "null" && length !== undefined);
