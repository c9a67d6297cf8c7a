import type { Output } from "../../../preload/contract/index.ts";
import { pemOf } from "../../objects/bytes.ts";
import { refTitle } from "../../objects/words.ts";
import { CopiedText } from "../../ui/CopiedText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { countWords } from "../../ui/words.ts";

/** What was replaced is shown once more, so that it can be kept. */
export const ReplyWritten = (properties: { result: Output<"certificates.replyWrite">; onClose(): void }) => {
  const { written, replaced, failed } = properties.result;
  const pem = replaced.map(({ content }) => pemOf("CERTIFICATE", content)).join("");
  return (
    <Dialog title="Certificate written" onClose={properties.onClose} wide>
      <Notice look="good" title={`${countWords(written.length, "certificate")} written, read back and compared`}>
        <p>{written.map(({ object }) => object.subject || object.label).join(", ")}</p>
      </Notice>
      {written
        .flatMap(({ warnings }) => warnings)
        .map((warning) => (
          <Notice key={warning} look="warn">
            <p>{warning}</p>
          </Notice>
        ))}
      {failed ? (
        <ErrorNotice error={failed.error}>
          <p>The old {refTitle(failed.object)} is still on the token, beside the new one.</p>
        </ErrorNotice>
      ) : null}
      {replaced.length > 0 ? (
        <>
          <p>
            {replaced.map(({ object }) => refTitle(object)).join(", ")} {replaced.length === 1 ? "was" : "were"}{" "}
            replaced. To have it back, keep this text and import it.
          </p>
          <CopiedText text={pem} what="Old certificate" word="Copy the old certificate" />
        </>
      ) : null}
    </Dialog>
  );
};
