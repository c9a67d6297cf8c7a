import type { RequestName } from "../../preload/contract/index.ts";
import { useRequest } from "../client/queries.ts";
import { Button } from "./Button.tsx";
import { copyText } from "./copy.ts";

/** The command lines of other tools for what a dialog is about to do. Secret fields are left out before they are asked for. */
export const EquivalentCommands = ({ request, input }: { request: RequestName; input: Record<string, unknown> }) => {
  const { data } = useRequest("commands.equivalent", { request, input });
  if (!data || (data.commands.length === 0 && !data.note)) return null;
  return (
    <details className="commands">
      <summary>Equivalent command</summary>
      {data.commands.map((command) => (
        <div key={command} className="command-line">
          <code>{command}</code>
          <Button small label="Copy command" onPress={() => void copyText(command, "Command")}>
            Copy
          </Button>
        </div>
      ))}
      {data.note ? <p className="muted">{data.note}</p> : null}
    </details>
  );
};
