import { call } from "../client/call.ts";
import { Button } from "../ui/Button.tsx";
import { Badge, Notice } from "../ui/notices.tsx";
import { countWords, fileName, sizeWords } from "../ui/words.ts";
import { type OpenedTrace, patchTrace } from "./opened.ts";

const dialectWords = {
  tokenglass: "Tokenglass recording",
  "opensc-spy": "OpenSC pkcs11-spy log",
  "opensc-debug": "OPENSC_DEBUG log",
  "p11-kit": "p11-kit log-calls",
  "pkcs11-logger": "pkcs11-logger log",
  pkcs11shim: "libpkcs11shim log",
} as const;

/** What is open: files and their dialects, how far the index is, what the log cannot tell. */
export const TraceHead = ({ trace, onExport }: { trace: OpenedTrace; onExport(): void }) => (
  <header className="trace-head">
    <div className="trace-facts">
      <Files trace={trace} />
      <Counts trace={trace} />
      <Progress trace={trace} />
      <Button small onPress={onExport}>
        Export…
      </Button>
    </div>
    <Limits trace={trace} />
  </header>
);

const Files = ({ trace: { files, live } }: { trace: OpenedTrace }) => {
  const [first] = files;
  if (files.length === 1 && first)
    return (
      <span className="truncate" title={first.path}>
        <strong>{first.program ? fileName(first.program) : fileName(first.path)}</strong>{" "}
        <span className="muted">
          {dialectWords[first.dialect]}
          {first.version && first.dialect !== "tokenglass" ? ` ${first.version}` : ""}
          {first.process === null ? "" : `, process ${first.process}`}, {sizeWords(first.bytes)}
          {first.wrapped.length > 0 ? ` (${first.wrapped.join(", ")})` : ""}
        </span>
      </span>
    );
  const kinds = [...new Set(files.map(({ dialect }) => dialectWords[dialect]))];
  return (
    <span className="truncate" title={files.map(({ path }) => path).join("\n")}>
      <strong>{files.length === 0 ? "No recording yet" : countWords(files.length, "file")}</strong>{" "}
      <span className="muted">
        {files.length === 0 && live
          ? "Rows appear as soon as a recorded program makes a call."
          : `${kinds.join(", ")}, merged by time`}
      </span>
    </span>
  );
};

const Counts = ({ trace: { progress } }: { trace: OpenedTrace }) => (
  <span className="badges" role="group" aria-label="Counts">
    <Badge>{countWords(progress.rows, "row")}</Badge>
    {progress.errors > 0 ? <Badge look="danger">{countWords(progress.errors, "error")}</Badge> : null}
    {progress.lost > 0 ? (
      <Badge look="warn" title="Calls that the recorder could not write down: full disk, or its own limit.">
        {countWords(progress.lost, "call")} lost
      </Badge>
    ) : null}
    {progress.ambiguous > 0 ? (
      <Badge look="warn" title="The log does not say which call these belong to. They are left out of statistics.">
        {countWords(progress.ambiguous, "ambiguous row")}
      </Badge>
    ) : null}
    {progress.broken > 0 ? (
      <Badge look="warn" title="Bytes of these records are missing or damaged.">
        {countWords(progress.broken, "broken record")}
      </Badge>
    ) : null}
  </span>
);

const Progress = ({ trace: { id, progress } }: { trace: OpenedTrace }) => {
  const { state, bytesDone, bytesTotal, message } = progress;
  if (state === "done") return null;
  if (state === "following") return <Badge look="good">● live</Badge>;
  if (state === "cancelled")
    return (
      <Badge look="warn" title="Rows behind this place are not in the list. Open the log again to have all of them.">
        stopped at {sizeWords(bytesDone)} of {sizeWords(bytesTotal)}
      </Badge>
    );
  if (state === "failed")
    return (
      <Badge look="danger" title={message ?? "Rows behind this place are not in the list."}>
        failed at {sizeWords(bytesDone)} of {sizeWords(bytesTotal)}
      </Badge>
    );
  const part = bytesTotal > 0 ? bytesDone / bytesTotal : 0;
  const cancel = () =>
    void call("trace.cancel", { trace: id }).then(
      (now) => patchTrace(id, { progress: now }),
      () => {},
    );
  return (
    <span className="trace-progress">
      <progress value={part} aria-label="Reading the log" />
      <span className="muted">
        {Math.floor(part * 100)} % of {sizeWords(bytesTotal)}
      </span>
      <Button small onPress={cancel} label="Stop reading the log">
        Cancel
      </Button>
    </span>
  );
};

/** Each sentence once, with the files that it is about if it is not about all. */
const Limits = ({ trace: { files, progress } }: { trace: OpenedTrace }) => {
  const sentences = new Map<string, string[]>();
  for (const { path, limits } of files)
    for (const limit of limits) sentences.set(limit, [...(sentences.get(limit) ?? []), fileName(path)]);
  if (progress.state === "failed" && progress.message)
    return (
      <Notice look="danger" title="The log could not be read to its end">
        <p>{progress.message}</p>
        <p>What was read stays usable. Open the log again to try the rest.</p>
      </Notice>
    );
  if (sentences.size === 0) return null;
  return (
    <details className="trace-limits">
      <summary>What this log cannot tell: {[...sentences.keys()].join(" ")}</summary>
      <ul>
        {[...sentences].map(([limit, names]) => (
          <li key={limit}>
            {limit}
            {names.length < files.length ? <span className="muted"> ({names.join(", ")})</span> : null}
          </li>
        ))}
      </ul>
    </details>
  );
};
