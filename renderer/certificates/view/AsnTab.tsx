import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { TreeNode } from "../../../preload/contract/x509.ts";
import { useFreshRequest } from "../../client/queries.ts";
import { bytesOfBase64 } from "../../objects/bytes.ts";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { HexRows } from "../../ui/HexRows.tsx";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { countWords, number } from "../../ui/words.ts";
import { allAround, around, endOf, nodePieces, seenLines, shownRange } from "./tree-lines.ts";

/** The ASN.1 elements of an item beside its bytes: what is chosen on one side is marked on the other. */
export const AsnTab = ({ base64 }: { base64: string }) => {
  const { data, error } = useFreshRequest("x509.tree", { content: base64 });
  const bytes = useMemo(() => bytesOfBase64(base64), [base64]);
  if (error)
    return (
      <div className="viewed-body">
        <ErrorNotice error={error.data} />
      </div>
    );
  if (!data)
    return (
      <p className="viewed-body muted" role="status">
        Reading <Elapsed />
      </p>
    );
  return <Elements tree={data} bytes={bytes} />;
};

const Elements = ({ tree, bytes }: { tree: Output<"x509.tree">; bytes: Uint8Array }) => {
  const { nodes, faults, cut } = tree;
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const lines = useMemo(() => seenLines(nodes, closed), [nodes, closed]);
  const choose = (at: number) => {
    // Whatever hides it is opened.
    const hiding = new Set(allAround(nodes, at));
    if ([...closed].some((one) => hiding.has(one))) setClosed(new Set([...closed].filter((one) => !hiding.has(one))));
    setChosen(at);
  };
  const setOpen = (at: number, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(at);
    else next.add(at);
    setClosed(next);
  };
  const node = nodes[chosen];
  return (
    <div className="asn">
      <div className="asn-tree">
        {faults.length > 0 || cut ? (
          <Notice look="danger">
            {faults.slice(0, 3).map(({ offset, message }) => (
              <p key={`${offset} ${message}`}>{message}.</p>
            ))}
            {cut ? <p>Only the first {number(nodes.length)} elements are shown.</p> : null}
          </Notice>
        ) : null}
        <Tree nodes={nodes} lines={lines} closed={closed} chosen={chosen} onChoose={setChosen} onOpen={setOpen} />
      </div>
      {node ? <Bytes node={node} nodes={nodes} bytes={bytes} onChoose={choose} /> : null}
    </div>
  );
};

const lineHeight = 22;

const Tree = (properties: {
  nodes: TreeNode[];
  lines: number[];
  closed: ReadonlySet<number>;
  chosen: number;
  onChoose(at: number): void;
  onOpen(at: number, open: boolean): void;
}) => {
  const { nodes, lines, closed, chosen, onChoose, onOpen } = properties;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 12,
  });
  const place = lines.indexOf(chosen);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: "auto" });
  }, [place, virtual]);
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const open = nodes[chosen]?.inner && !closed.has(chosen);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / lineHeight) - 1);
    const to: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: lines.length - 1,
    };
    const next = to[event.key];
    if (event.key === "ArrowRight" && nodes[chosen]?.inner) open ? onChoose(chosen + 1) : onOpen(chosen, true);
    else if (event.key === "ArrowLeft") open ? onOpen(chosen, false) : onChoose(around(nodes, chosen));
    else if (next !== undefined) onChoose(lines[Math.min(Math.max(next, 0), lines.length - 1)] ?? chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={scroller}
      className="asn-lines mono"
      role="tree"
      aria-label="ASN.1 elements"
      aria-activedescendant={`${id}-${chosen}`}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const at = lines[index] ?? 0;
          const node = nodes[at];
          return node ? (
            <div
              key={at}
              id={`${id}-${at}`}
              role="treeitem"
              tabIndex={-1}
              aria-level={node.level + 1}
              aria-expanded={node.inner ? !closed.has(at) : undefined}
              aria-selected={at === chosen}
              className="asn-line"
              style={{ top: start, height: lineHeight }}
              onMouseDown={() => onChoose(at)}
            >
              <span className="muted asn-place">{node.offset}</span>
              <button
                type="button"
                tabIndex={-1}
                className="twist"
                style={{ marginLeft: node.level * 14 }}
                aria-hidden="true"
                onClick={() => node.inner && onOpen(at, closed.has(at))}
              >
                {node.inner ? (closed.has(at) ? "▸" : "▾") : ""}
              </button>
              <span>{node.tag}</span>
              <span className="muted">{node.indefinite ? "∞" : node.length}</span>
              <span className="truncate" title={node.value}>
                {node.value}
              </span>
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
};

const Bytes = (properties: { node: TreeNode; nodes: TreeNode[]; bytes: Uint8Array; onChoose(at: number): void }) => {
  const { node, nodes, bytes } = properties;
  const range = shownRange(node, bytes.length);
  const pieces = useMemo(() => nodePieces(nodes, { from: range.from, to: range.to }), [nodes, range.from, range.to]);
  const inChosen = (path: string | null) => {
    const other = path === null ? undefined : nodes[Number(path)];
    return (
      other !== undefined && other.offset >= node.offset && endOf(other) <= endOf(node) && other.level >= node.level
    );
  };
  const onClick = ({ target }: MouseEvent) => {
    const path = target instanceof Element && target.closest<HTMLElement>("[data-path]")?.dataset["path"];
    if (path) properties.onChoose(Number(path));
  };
  return (
    <section className="asn-bytes" aria-label="Bytes">
      <header className="asn-bytes-head muted">
        {node.tag}: {countWords(node.header, "byte")} of tag and length, {node.indefinite ? "indefinite length, " : ""}
        {countWords(node.length, "byte")} of content, at {number(node.offset)}
      </header>
      <div
        className="asn-hex mono"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        role="group"
        aria-label="Bytes of the element"
        onMouseDown={onClick}
      >
        <HexRows bytes={bytes.subarray(range.from, range.to)} base={range.from} pieces={pieces} isLinked={inChosen} />
        {endOf(node) > range.to ? <p className="muted">{countWords(endOf(node) - range.to, "further byte")}</p> : null}
      </div>
    </section>
  );
};
