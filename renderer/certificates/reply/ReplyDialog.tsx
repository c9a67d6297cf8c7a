import { useEffect, useRef, useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { TokenRow } from "../../../preload/contract/tokens.ts";
import { asksPassword } from "../../client/asks-password.ts";
import { base64OfFile, base64OfText } from "../../objects/bytes.ts";
import { ImportChoose } from "../../objects/ImportChoose.tsx";
import { LoginButton } from "../../objects/LoginButton.tsx";
import type { Address } from "../../objects/tasks.ts";
import { refTitle } from "../../objects/words.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { EquivalentCommands } from "../../ui/EquivalentCommands.tsx";
import { FilePassword } from "../../ui/FilePassword.tsx";
import { Notice } from "../../ui/notices.tsx";
import { toast } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/useAction.ts";
import { countWords } from "../../ui/words.ts";
import { ReplyCertificateFields } from "./ReplyCertificateFields.tsx";
import { ReplyWritten } from "./ReplyWritten.tsx";
import { type Choices, choicesFor, openQuestion, wantedOf } from "./reply-choices.ts";
import "./reply.css";

type Preview = Output<"certificates.replyPreview">;

interface Source {
  fileName: string;
  /** base64 */
  content: string;
}

/** What a CA sent back: whose key it is for, its chain, and what becomes of a certificate that is there already. */
export const ReplyDialog = (properties: {
  address: Address;
  tokenRow: TokenRow;
  files: File[];
  /** Text that was pasted. */
  text?: string | undefined;
  onLogin(): void;
  onDone(handles: string[]): void;
  onClose(): void;
}) => {
  const { address, tokenRow, onDone } = properties;
  const [source, setSource] = useState<Source | null>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [prove, setProve] = useState(false);
  const [choices, setChoices] = useState<Choices>({});
  const [result, setResult] = useState<Output<"certificates.replyWrite"> | null>(null);
  const look = useAction("certificates.replyPreview", (found) => {
    setPreview(found);
    setChoices(choicesFor(found.certificates));
  });
  const write = useAction("certificates.replyWrite", (done) => {
    onDone(done.written.map(({ object }) => object.handle));
    if (done.replaced.length > 0 || done.failed) setResult(done);
    else {
      tell(done);
      properties.onClose();
    }
  });

  const open = (next: Source, password = "", proving = false) => {
    setSource(next);
    setPreview(null);
    setProve(proving);
    write.reset();
    const opened = preview?.opened && password === "" ? { opened: preview.opened } : { content: next.content };
    look.run({
      ...address,
      fileName: next.fileName,
      ...opened,
      prove: proving,
      ...(password ? { password } : {}),
      keepOpen: password !== "" || "opened" in opened,
    });
  };
  const addFiles = async ([file]: File[]) => {
    if (file) open({ fileName: file.name, content: await base64OfFile(file) });
  };
  const addText = (text: string) => open({ fileName: "pasted reply", content: base64OfText(text) });
  const start = useRef(() => {
    if (properties.text) addText(properties.text);
    else void addFiles(properties.files);
  });
  useEffect(() => start.current(), []);
  // A login shows keys that were hidden.
  const login = useRef(tokenRow.login);
  const again = useRef(() => {});
  again.current = () => source && open(source);
  useEffect(() => {
    if (login.current === tokenRow.login) return;
    login.current = tokenRow.login;
    again.current();
  }, [tokenRow.login]);

  if (result) return <ReplyWritten result={result} onClose={properties.onClose} />;
  const certificates = preview?.certificates ?? [];
  const wanted = wantedOf(certificates, choices);
  const locked = look.error !== null && asksPassword(look.error);
  const question = openQuestion(certificates, choices);
  const input = {
    ...address,
    fileName: source?.fileName ?? "",
    ...(preview?.opened ? { opened: preview.opened } : { content: source?.content ?? "" }),
    prove,
    certificates: wanted,
  };
  const firstOpen = look.error?.code === "PASSWORD_NEEDED";
  return (
    <Dialog
      title="Take a certificate reply"
      wide
      action={wanted.length > 0 ? `Write ${countWords(wanted.length, "certificate")}` : "Write"}
      onAction={() => write.run(input)}
      actionDisabled={wanted.length === 0 || question !== null || look.busy}
      onClose={properties.onClose}
      busy={write.busy || look.busy}
      busyText={write.busy ? "Writing and reading back" : prove ? "Keys sign random bytes" : "Reading"}
      error={write.error ?? (firstOpen ? null : look.error)}
      notice={
        question ? (
          <Notice look="warn">
            <p>{question}</p>
          </Notice>
        ) : null
      }
    >
      <ImportChoose
        started={source !== null}
        onFiles={(files) => void addFiles(files)}
        onText={addText}
        multiple={false}
        words="or drop it here: PEM, DER, PKCS#7, PKCS#12, a bundle, or text with a certificate anywhere in it."
        textLabel="Or paste what the CA sent"
      />
      {locked && source ? (
        <FilePassword
          fileName={source.fileName}
          hint="The file is encrypted. The password opens it and is forgotten at once."
          onOpen={(given) => open(source, given)}
        />
      ) : null}
      {preview && source ? (
        <>
          <p className="reply-source">
            <strong>{source.fileName}</strong> <span className="muted">{preview.format}</span>
          </p>
          {preview.warnings.map((warning) => (
            <Notice key={warning} look="warn">
              <p>
                {warning}{" "}
                {/not logged in/.test(warning) ? (
                  <LoginButton small token={tokenRow} onLogin={properties.onLogin} />
                ) : null}
              </p>
            </Notice>
          ))}
          <Untold preview={preview} proved={prove} onProve={() => open(source, "", true)} />
          <p>{preview.chain.words}</p>
          {certificates.map((one) => {
            const choice = choices[one.index];
            return choice ? (
              <ReplyCertificateFields
                key={one.index}
                certificate={one}
                choice={choice}
                onChoice={(next) => setChoices({ ...choices, [one.index]: next })}
              />
            ) : null;
          })}
          <EquivalentCommands
            request="certificates.replyWrite"
            input={{ ...address, fileName: source.fileName, certificates: wanted }}
          />
        </>
      ) : null}
    </Dialog>
  );
};

/** Keys that do not show their public key can only be asked to sign. */
const Untold = (properties: { preview: Preview; proved: boolean; onProve(): void }) => {
  const { preview, proved, onProve } = properties;
  const claimed = preview.certificates.find(({ proof }) => proof === "public key" || proof === "certificate");
  if (proved && preview.untold.length > 0)
    return (
      <Notice look="warn" title="None of these keys signed for it">
        <p>{preview.untold.map(refTitle).join(", ")}. The certificate's key is on another token, or may not sign.</p>
      </Notice>
    );
  if (proved || (preview.untold.length === 0 && !claimed)) return null;
  const prove = (
    <Button small onPress={onProve}>
      Prove with a test signature
    </Button>
  );
  if (claimed)
    return (
      <p className="muted">
        The private key itself does not show its public key; what stands beside it tells whose it is. {prove}
      </p>
    );
  return (
    <Notice title="Its key was not found by bytes">
      <p>
        {countWords(preview.untold.length, "private key")} here {preview.untold.length === 1 ? "does" : "do"} not show
        the public key. A test signature tells. {prove}
      </p>
    </Notice>
  );
};

const tell = ({ written }: Output<"certificates.replyWrite">): void => {
  const warnings = written.flatMap((one) => one.warnings);
  toast({
    title: `${countWords(written.length, "certificate")} written`,
    text: ["Read back and compared.", ...warnings].join(" "),
    look: warnings.length > 0 ? "warn" : "good",
  });
};
