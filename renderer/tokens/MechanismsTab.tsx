import { useMemo, useState } from "react";
import type { MechanismRow, TokenRow } from "../../preload/contract/tokens.ts";
import { useRequest } from "../client/queries.ts";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { flagOf, mechanismFlags } from "./flags.ts";

/** What the token can do: every mechanism with its flags and key sizes. */
export const MechanismsTab = ({ module, token }: { module: string; token: TokenRow }) => {
  const { data, error } = useRequest("tokens.mechanisms", { module, token: token.ref });
  const [filter, setFilter] = useState("");
  const rows = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return (data?.mechanisms ?? []).filter((row) => {
      const flags = row.flags.map(flagOf).map(({ name, words }) => `${name} ${words}`);
      const text = `${row.name} ${row.flags.join(" ")} ${flags.join(" ")}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [data, filter]);
  return (
    <div className="work-body">
      {error ? <ErrorNotice error={error.data} /> : null}
      {data ? (
        <>
          <div className="input-row">
            <input
              className="input"
              type="search"
              aria-label="Filter mechanisms"
              placeholder="Filter by name or use, e.g. ecdsa sign"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </div>
          <p className="muted" role="status">
            {rows.length === data.mechanisms.length
              ? `${rows.length} mechanisms`
              : `${rows.length} of ${data.mechanisms.length} mechanisms`}
          </p>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Mechanism</th>
                <th scope="col">Key sizes</th>
                <th scope="col">Can be used to</th>
                <th scope="col">Number</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.mechanism}>
                  <td className="mono">{row.name}</td>
                  <td>{sizeWords(row)}</td>
                  <td>
                    <Uses row={row} />
                  </td>
                  <td className="mono muted nowrap">0x{row.mechanism.toString(16).padStart(8, "0")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : error ? null : (
        <p className="muted">
          Reading mechanisms <Elapsed />
        </p>
      )}
    </div>
  );
};

const Uses = ({ row }: { row: MechanismRow }) => {
  if (row.error) return `not readable (${row.error})`;
  const { uses, properties } = mechanismFlags(row.flags);
  return (
    <>
      {uses.join(", ") || <span className="muted">not said</span>}
      {properties.length > 0 ? (
        <div className="muted">
          {properties.map(({ name, words }) => (
            <div key={name}>
              {words} <code>{name}</code>
            </div>
          ))}
        </div>
      ) : null}
    </>
  );
};

/** From here on a maximum only means that there is none (SoftHSM: 0x80000000). */
const noMaximum = 0x7fffffff;

const sizeWords = ({ minKeySize, maxKeySize, unit }: MechanismRow): string => {
  if (unit === "none" || (minKeySize === 0 && maxKeySize === 0)) return "";
  if (maxKeySize >= noMaximum) return `${minKeySize} ${unit} and more`;
  return minKeySize === maxKeySize ? `${minKeySize} ${unit}` : `${minKeySize} to ${maxKeySize} ${unit}`;
};
