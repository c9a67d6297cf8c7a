import { type MouseEvent, useMemo, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { Output } from "../../../preload/contract/index.ts";
import type { TraceField } from "../../../preload/contract/trace.ts";
import { bytesOfBase64 } from "../../objects/bytes.ts";
import { Button } from "../../ui/Button.tsx";
import { HexRows } from "../../ui/HexRows.tsx";
import { countWords, number } from "../../ui/words.ts";
import { piecesOf } from "./field-lines.ts";

type Bytes = Output<"trace.call">["bytes"];

/** Bytes that are shown at first, and with each "Show more". */
const step = 4096;

/** The record as it stands in the file, as text or in hex; what is pointed at is shown in the tree, and the other way round. */
export const BytesView = (properties: {
  bytes: Bytes;
  fields: TraceField[];
  linked: string | null;
  onLink(path: string | null): void;
}) => {
  const { bytes, fields, linked, onLink } = properties;
  const [as, setAs] = useState<"text" | "hex">("text");
  const [limit, setLimit] = useState(step);
  const all = useMemo(() => bytesOfBase64(bytes.base64), [bytes]);
  const shown = all.subarray(0, limit);
  const pieces = useMemo(() => piecesOf(fields, bytes.masked, shown.length), [fields, bytes, shown.length]);
  const isLinked = (path: string | null) => linked !== null && path !== null && within(path, linked);
  return (
    <section className="bytes" aria-label="Bytes">
      <header>
        <h3>Bytes</h3>
        <span className="muted">
          {countWords(bytes.length, "byte")} at {number(bytes.offset)}
        </span>
        <span className="spring" />
        <ToggleButtonGroup
          className="bytes-as"
          aria-label="Bytes as"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[as]}
          onSelectionChange={(keys) => setAs(keys.has("hex") ? "hex" : "text")}
        >
          <ToggleButton id="text" className="chip">
            Text
          </ToggleButton>
          <ToggleButton id="hex" className="chip">
            Hex
          </ToggleButton>
        </ToggleButtonGroup>
      </header>
      <div
        className="bytes-body mono"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        role="group"
        aria-label="Content of the record"
        onMouseOver={(event) => onLink(pathAt(event))}
        onFocus={() => onLink(null)}
        onMouseLeave={() => onLink(null)}
      >
        {as === "text" ? (
          // A line alone is wrapped; the columns of a dump stay below each other.
          <pre className={shown.subarray(0, -1).includes(0x0a) ? "lines" : ""}>
            {pieces.map((piece) => (
              <span
                key={piece.from}
                className={`piece ${isLinked(piece.path) ? "linked" : ""} ${piece.masked ? "masked" : ""}`}
                data-path={piece.path ?? ""}
              >
                {new TextDecoder().decode(shown.subarray(piece.from, piece.to))}
              </span>
            ))}
          </pre>
        ) : (
          <HexRows bytes={shown} pieces={pieces} isLinked={isLinked} />
        )}
        {all.length > limit ? (
          <Button small onPress={() => setLimit(limit + step)}>
            Show more
          </Button>
        ) : all.length < bytes.length ? (
          <p className="muted">{countWords(bytes.length - all.length, "further byte")} are not shown.</p>
        ) : null}
      </div>
    </section>
  );
};

const pathAt = ({ target }: MouseEvent): string | null =>
  (target instanceof Element && target.closest<HTMLElement>("[data-path]")?.dataset["path"]) || null;

/** Whether a path is another one or lies in it. */
const within = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);
