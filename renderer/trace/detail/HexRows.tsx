import type { Piece } from "./field-lines.ts";

const width = 16;

/** Sixteen bytes a row: place in the record, hex, characters. */
export const HexRows = ({
  bytes,
  pieces,
  isLinked,
}: {
  bytes: Uint8Array;
  pieces: Piece[];
  isLinked(path: string | null): boolean;
}) => {
  const rows = Array.from({ length: Math.ceil(bytes.length / width) }, (_, row) => row * width);
  return (
    <div className="hex-rows">
      {rows.map((start) => {
        const end = Math.min(start + width, bytes.length);
        const parts = pieces.flatMap((piece) => {
          const from = Math.max(piece.from, start);
          const to = Math.min(piece.to, end);
          return from < to ? [{ ...piece, from, to }] : [];
        });
        return (
          <div key={start} className="hex-row">
            <span className="muted">{start.toString(16).padStart(6, "0")}</span>
            <span className="hex">
              {parts.map((part) => (
                <span
                  key={part.from}
                  className={`piece ${isLinked(part.path) ? "linked" : ""} ${part.masked ? "masked" : ""}`}
                  data-path={part.path ?? ""}
                >
                  {[...bytes.subarray(part.from, part.to)]
                    .map((byte) => `${byte.toString(16).padStart(2, "0")} `)
                    .join("")}
                </span>
              ))}
            </span>
            <span className="characters">
              {parts.map((part) => (
                <span
                  key={part.from}
                  className={`piece ${isLinked(part.path) ? "linked" : ""}`}
                  data-path={part.path ?? ""}
                >
                  {[...bytes.subarray(part.from, part.to)]
                    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·"))
                    .join("")}
                </span>
              ))}
            </span>
          </div>
        );
      })}
    </div>
  );
};
