import type { TreeNode } from "../../../preload/contract/x509.ts";
import type { Piece } from "../../ui/HexRows.tsx";

/** Places of the nodes that are seen when those in `closed` hide what is in them. */
export const seenLines = (nodes: readonly TreeNode[], closed: ReadonlySet<number>): number[] => {
  const seen: number[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const [at, node] of nodes.entries()) {
    if (node.level > hiddenBelow) continue;
    hiddenBelow = closed.has(at) ? node.level : Number.POSITIVE_INFINITY;
    seen.push(at);
  }
  return seen;
};

/** Place of the node around another one; itself at the top. */
export const around = (nodes: readonly TreeNode[], at: number): number => {
  const level = nodes[at]?.level ?? 0;
  for (let above = at - 1; above >= 0; above--) if ((nodes[above]?.level ?? 0) < level) return above;
  return at;
};

/** Places of all nodes around another one, the innermost first. */
export const allAround = (nodes: readonly TreeNode[], at: number): number[] => {
  const above = around(nodes, at);
  return above === at ? [] : [above, ...allAround(nodes, above)];
};

/** Octet after a node, its end mark left out. */
export const endOf = ({ offset, header, length }: TreeNode): number => offset + header + length;

/** Bytes in a row of the hex view, and rows before the chosen node. */
const row = 16;
const rowsBefore = 2;
const shownBytes = 4096;

/** Which bytes are shown for a node: itself with two rows around it, 4 KiB at most. */
export const shownRange = (node: TreeNode, size: number): { from: number; to: number } => {
  const from = Math.max(0, Math.floor(node.offset / row) - rowsBefore) * row;
  const to = Math.min(size, from + shownBytes, (Math.ceil(endOf(node) / row) + rowsBefore) * row);
  return { from, to: Math.max(to, Math.min(size, from + row)) };
};

/** Cuts the shown bytes at the ends of nodes; `path` is the place of the innermost node, offsets count from `from`. */
export const nodePieces = (nodes: readonly TreeNode[], { from, to }: { from: number; to: number }): Piece[] => {
  const there = nodes.flatMap((node, at) =>
    node.offset < to && endOf(node) > from ? [{ at, start: node.offset, end: endOf(node) }] : [],
  );
  const cuts = [...new Set([from, to, ...there.flatMap(({ start, end }) => [start, end])])]
    .filter((cut) => cut >= from && cut <= to)
    .sort((a, b) => a - b);
  const open: typeof there = [];
  let next = 0;
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? from;
    for (let node = there[next]; node && node.start <= start; node = there[++next]) open.push(node);
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= start) open.pop();
    const innermost = open.at(-1);
    return { from: start - from, to: end - from, path: innermost ? String(innermost.at) : null, masked: false };
  });
};
