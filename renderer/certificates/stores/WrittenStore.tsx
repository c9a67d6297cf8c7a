import { CommandLine } from "../../ui/CommandLine.tsx";
import { Notice } from "../../ui/notices.tsx";
import { Views } from "./Views.tsx";
import type { Written } from "./WriteForm.tsx";

/** Whether the store was written, who sees what in it, and what is left to do. */
export const WrittenStore = ({ written }: { written: Written }) => {
  const good = written.outcome === "written";
  return (
    <section className="section" aria-label="What was written">
      <Notice
        look={good ? "good" : "danger"}
        title={good ? "Written, and seen by its readers" : "Not written: one of its readers would not see all of it"}
      >
        <p>
          <code>{written.path}</code>
        </p>
        {written.copy ? (
          <p>
            The former one is kept: <code>{written.copy}</code>
          </p>
        ) : good ? null : (
          <p>What was there before is as it was.</p>
        )}
      </Notice>
      {written.warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      <Views views={written.views} />
      {written.next.map(({ words, text }) => (
        <div key={words} className="store-next">
          <p>{words}</p>
          <CommandLine text={text} label={`Copy: ${words}`} />
        </div>
      ))}
    </section>
  );
};
