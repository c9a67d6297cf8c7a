import { useEffect, useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { colonHex } from "../objects/ids.ts";
import { canSign } from "../objects/tasks.ts";
import { durationWords, keyWords } from "../objects/words.ts";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";
import { dismiss, type Generation, watch } from "./generations.ts";

/** A generation under way, or its end. Closing the dialog does not end the work. */
export const GenerationDialog = (properties: {
  generation: Generation;
  onGenerated(rows: ObjectRow[]): void;
  onRequest(row: ObjectRow): void;
  onSelfSign(row: ObjectRow): void;
  onBack(): void;
  onClose(): void;
}) => {
  const { generation, onGenerated, onClose } = properties;
  const { id, spec, result, error } = generation;
  useEffect(() => watch(id), [id]);
  const end = () => {
    dismiss(id);
    if (result) onGenerated(result.publicKey ? [result.key, result.publicKey] : [result.key]);
    onClose();
  };
  const running = !result && !error;
  return (
    <Dialog
      title={running ? `Generating "${spec.label}"` : result ? "Key generated" : "No key was generated"}
      busy={running}
      closing={error ? "Back to the form" : undefined}
      busyText={generation.step}
      leave={{ title: "Leave it running", onLeave: onClose }}
      onClose={
        error
          ? () => {
              dismiss(id);
              properties.onBack();
            }
          : end
      }
      error={error}
    >
      {running ? <Running generation={generation} /> : null}
      {result ? (
        <Result
          result={result}
          onRequest={(row) => {
            dismiss(id);
            properties.onRequest(row);
          }}
          onSelfSign={(row) => {
            dismiss(id);
            properties.onSelfSign(row);
          }}
        />
      ) : null}
    </Dialog>
  );
};

const Running = ({ generation }: { generation: Generation }) => {
  const [asked, setAsked] = useState(false);
  const stop = useAction("modules.restart", () => {});
  return (
    <>
      <p>
        The token is making the key, which can take from a second to several minutes. You can leave this running and go
        on working; the result will be reported.
      </p>
      <p className="muted">
        PKCS#11 has no way to cancel a generation. Only stopping the module ends it: its process is ended, which logs
        out of all of its tokens. What the token had begun may be left on it or not; look at the objects afterwards.
      </p>
      <p>
        {asked ? (
          <Button look="danger" disabled={stop.busy} onPress={() => stop.run({ module: generation.module })}>
            Stop the module now
          </Button>
        ) : (
          <Button onPress={() => setAsked(true)}>Stop the module…</Button>
        )}
      </p>
    </>
  );
};

const Result = ({
  result,
  onRequest,
  onSelfSign,
}: {
  result: NonNullable<Generation["result"]>;
  onRequest(row: ObjectRow): void;
  onSelfSign(row: ObjectRow): void;
}) => {
  const { key, test, testNote, warnings, milliseconds } = result;
  return (
    <>
      <Notice
        look={test && !test.verified ? "danger" : "good"}
        title={`${keyWords(key)} "${key.label}", made in ${durationWords(milliseconds)}`}
      >
        <p>
          {test
            ? test.verified
              ? `A test signature (${test.mechanism}, ${durationWords(test.milliseconds)}) was verified in software.`
              : `A test signature (${test.mechanism}) was not verified: do not use this key.`
            : testNote}
        </p>
      </Notice>
      <dl className="facts">
        <dt>CKA_ID</dt>
        <dd>
          <code>{colonHex(result.id)}</code>{" "}
          <Button small label="Copy CKA_ID" onPress={() => void copyText(result.id, "CKA_ID")}>
            Copy
          </Button>
        </dd>
        <dt>URI</dt>
        <dd>
          <code>{key.uri}</code>{" "}
          <Button small label="Copy URI" onPress={() => void copyText(key.uri, "URI")}>
            Copy
          </Button>
        </dd>
      </dl>
      {warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      {canSign(key) ? (
        <p>
          Many programs see a key only through its certificate.{" "}
          <Button small onPress={() => onRequest(key)}>
            Request a certificate…
          </Button>{" "}
          <Button small onPress={() => onSelfSign(key)}>
            Self-signed certificate…
          </Button>
        </p>
      ) : null}
    </>
  );
};
