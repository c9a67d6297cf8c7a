import type { TraceSummary } from "../../../preload/contract/trace.ts";
import { number } from "../../ui/words.ts";

/** The whole in a few figures. */
export const Figures = ({
  summary,
  onLogins,
  onFilter,
}: {
  summary: TraceSummary;
  onLogins(): void;
  onFilter(filter: string): void;
}) => {
  const sum = (of: (program: TraceSummary["programs"][number]) => number) =>
    summary.programs.reduce((total, program) => total + of(program), 0);
  const calls = sum((program) => program.calls);
  const errors = sum((program) => program.errors);
  const commands = summary.commands.reduce((total, command) => total + command.calls, 0);
  const logins = summary.logins.events.length;
  const failed = summary.logins.events.filter(({ outcome }) => outcome === "error").length;
  return (
    <dl className="figures">
      {calls === 0 ? null : (
        <>
          <Figure name={summary.programs.length === 1 ? "process" : "processes"} value={summary.programs.length} />
          {summary.threads.length === 0 ? null : (
            <Figure name={summary.threads.length === 1 ? "thread" : "threads"} value={summary.threads.length} />
          )}
          <Figure name={calls === 1 ? "call" : "calls"} value={calls} />
          <Figure
            name={errors === 1 ? "failed call" : "failed calls"}
            value={errors}
            onFailed={() => onFilter(summary.commands.length > 0 ? "is:error is:call" : "is:error")}
          />
          <Figure name="sessions opened" value={sum((program) => program.sessions)} />
        </>
      )}
      {summary.commands.length === 0 ? null : (
        <>
          <Figure name="commands to the card" value={commands} />
          <Figure
            name="failed commands"
            value={summary.commands.reduce((total, command) => total + command.errors, 0)}
            onFailed={() => onFilter("is:error is:apdu")}
          />
        </>
      )}
      <div>
        <dt>logins and PIN changes</dt>
        <dd>
          {logins === 0 ? (
            "0"
          ) : (
            <button type="button" className="link" onClick={onLogins}>
              {number(logins)}
              {failed > 0 ? <span className="bad"> ({number(failed)} failed)</span> : null}
            </button>
          )}
        </dd>
      </div>
    </dl>
  );
};

/** @param onFailed of a number of failures: shows them */
const Figure = ({ name, value, onFailed }: { name: string; value: number; onFailed?(): void }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {onFailed && value > 0 ? (
        <button type="button" className="link error" onClick={onFailed}>
          {number(value)}
        </button>
      ) : (
        number(value)
      )}
    </dd>
  </div>
);
