import type { RecordingFile } from "../../preload/contract/recording.ts";
import { Badge } from "../ui/notices.tsx";
import { useNow } from "../ui/useNow.ts";
import { fileName, sizeWords } from "../ui/words.ts";
import { levels } from "./levels.ts";
import { programName } from "./program.ts";
import { ago, dateAndTime } from "./times.ts";

/** One recording. Its program's name opens it. */
export const RecordingLine = ({
  file,
  chosen,
  onChoose,
  onOpen,
}: {
  file: RecordingFile;
  chosen: boolean;
  onChoose(on: boolean): void;
  onOpen(): void;
}) => {
  const now = useNow(file.changed);
  const name = programName(file);
  const what = `${name}, process ${file.process}`;
  return (
    <tr className={chosen ? "chosen" : ""}>
      <td className="check">
        <input
          type="checkbox"
          aria-label={`Choose ${what}`}
          checked={chosen}
          onChange={(event) => onChoose(event.target.checked)}
        />
      </td>
      <td>
        <button type="button" className="link" onClick={onOpen} title={file.program} aria-label={`Open ${what}`}>
          {name}
        </button>{" "}
        <span className="muted nowrap">process {file.process}</span>{" "}
        {file.running ? <Badge look="accent">running</Badge> : null}
      </td>
      <td className="mono" title={file.module}>
        {file.module === "" ? <span className="muted">not known</span> : fileName(file.module)}
      </td>
      <td className="level muted" title={levels[file.level]?.shows}>
        {file.level}
      </td>
      <td className="number">{sizeWords(file.bytes)}</td>
      <td className="nowrap muted" title={`Last call ${dateAndTime(file.changed)}`}>
        {dateAndTime(file.started)} <span className="age">({ago(file.started, now)})</span>
      </td>
    </tr>
  );
};
