import "./hex.css";

/** Bytes that belong together. */
export interface Piece {
  from: number;
  to: number;
  /** The innermost thing that they belong to; null: none. */
  path: string | null;
  masked: boolean;
}

const width = 16;

/** Sixteen bytes a row: place among all bytes, hex, characters. */
export const HexRows = ({
  bytes,
  base = 0,
  pieces,
  isLinked,
}: {
  bytes: Uint8Array;
  /** Place of the first byte, where not all bytes are shown. */
  base?: number;
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
            <span className="muted">{(base + start).toString(16).padStart(6, "0")}</span>
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
