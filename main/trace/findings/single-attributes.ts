import { NumberList } from "../ascending.ts";
import { attributesOf } from "../view/fields.ts";
import { callRows, counted, type Detector, linkedRows, sample } from "./finding.ts";

const decoded = 300;
const many = 100;

/** Attributes of objects are read one at a time. */
export const singleAttributes: Detector = ({ view }) => {
  const list = new NumberList();
  for (const row of callRows(view, ["C_GetAttributeValue"])) list.add(row);
  const rows = list.values;
  if (rows.length < many) return null;
  const looked = sample(rows, decoded);
  const single: number[] = [];
  for (const call of view.calls(looked)) if (attributesOf(call).size === 1) single.push(call.row);
  if (single.length * 2 < looked.length) return null;
  const estimate = Math.round((single.length / looked.length) * rows.length);
  const about = looked.length < rows.length ? "about " : "";
  return {
    id: "single-attributes",
    severity: "hint",
    title: "Attributes are read one at a time",
    text: `${counted(rows.length, "call")} of C_GetAttributeValue, ${about}${estimate} of them for a single attribute. On a card each may be a read of a file.`,
    remedy: "Read all attributes of an object in one call; two, where the lengths are not known.",
    rows: single.slice(0, linkedRows),
    count: estimate,
  };
};
