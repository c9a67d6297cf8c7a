import type { RequestName } from "../../preload/contract/index.ts";
import { useRequest } from "../client/queries.ts";
import { CommandLine } from "./CommandLine.tsx";

/** The command lines of other tools for what a dialog is about to do. Secret fields are left out before they are asked for. */
export const EquivalentCommands = ({ request, input }: { request: RequestName; input: Record<string, unknown> }) => {
  const { data } = useRequest("commands.equivalent", { request, input });
  if (!data || (data.commands.length === 0 && !data.note)) return null;
  return (
    <details className="commands">
      <summary>Equivalent command</summary>
      {data.commands.map((command) => (
        <CommandLine key={command} text={command} />
      ))}
      {data.note ? <p className="muted">{data.note}</p> : null}
    </details>
  );
};
