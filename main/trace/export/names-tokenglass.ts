import type { Mask, RecordBytes } from "../dialects/dialect.ts";
import { type JsonNode, member, readJson, textIn } from "../dialects/json-places.ts";
import { identifyingAttribute, identifyingMember, isSlot } from "./identifying.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** Stand-ins for the names in a line of our own recordings. What cannot be read may hold any name: it is masked whole. */
export const recordingNames = ({ bytes, length, left }: RecordBytes, pseudonyms: Pseudonyms): Mask[] => {
  const root = left ? null : readJson(bytes);
  if (!root) {
    const end = bytes[bytes.length - 1] === 0x0a ? length - 1 : length;
    return end > 0 ? [{ from: 0, to: end, what: "unreadable record" }] : [];
  }
  const masks: Mask[] = [];
  const text = (node: JsonNode & { kind: "string" }, what: string) => {
    const to = node.to - 1;
    const size = to - node.from - 1;
    if (size <= 0) return;
    const isHex = /^([0-9a-f]{2})+$/.test(node.value) && what === "hex";
    const standIn = isHex
      ? Buffer.from(pseudonyms.bytes(Buffer.from(node.value, "hex"))).toString("hex")
      : what === "path"
        ? pseudonyms.path(node.value)
        : pseudonyms.text(Buffer.from(node.value, "utf8").toString("latin1"));
    // An escaped letter takes more places, and none may be escaped in the stand-in.
    const plain = standIn
      .replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "_")
      .slice(0, size)
      .padEnd(size, "x");
    masks.push({ from: node.from + 1, to, what: isHex ? "name in bytes" : what, fill: plain });
  };
  const walk = (node: JsonNode, key: string, what: string | null): void => {
    switch (node.kind) {
      case "string":
        if (what) text(node, key === "hex" ? "hex" : what);
        else if (/^(~?[/\\]|[A-Za-z]:[/\\]|\.{1,2}[/\\])/.test(node.value)) text(node, "path");
        break;
      case "number":
        if (isSlot(key))
          masks.push({ from: node.from, to: node.to, what: "slot ID", fill: pseudonyms.slotText(node.raw) });
        break;
      case "array":
        for (const item of node.items) walk(item, key, what);
        break;
      case "object": {
        const attribute = textIn(member(node, "type")) ?? "";
        const own = identifyingAttribute(attribute);
        for (const entry of node.members) {
          if (entry.key === "type") continue;
          const inner = own && entry.key === "value" ? own : (what ?? identifyingMember(entry.key));
          walk(entry.value, entry.key, inner);
        }
      }
    }
  };
  walk(root, "", null);
  return masks;
};
