import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, errorOf } from "../client/call.ts";
import { useNavigation } from "../frame/place.tsx";
import { countsWords } from "../objects/words.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Checkbox, SecretField, TextField } from "../ui/fields.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { countWords } from "../ui/words.ts";
import { pinProblem, StateWords } from "./PinState.tsx";
import { PinTryField } from "./PinTryField.tsx";
import { TokenLine } from "./TokenLine.tsx";
import { tokenTitle } from "./words.ts";

type Preview = Output<"tokens.initialisePreview">;

/** C_InitToken, for a new token or to wipe an old one: says what will be lost, and wants the token's name typed. */
export const InitialiseDialog = (properties: { module: string; token: TokenRow; onClose(): void }) => {
  const { module, token, onClose } = properties;
  const { go } = useNavigation();
  const [label, setLabel] = useState("");
  const [soPin, setSoPin] = useState("");
  const [again, setAgain] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [kept, setKept] = useState(false);
  const [failures, setFailures] = useState(0);
  const preview = useQuery({
    queryKey: ["tokens.initialisePreview", module, token.ref, failures],
    queryFn: () => call("tokens.initialisePreview", { module, token: token.ref }),
    gcTime: 0,
  });
  const action = useAction("tokens.initialise", (row) => {
    toast({
      title: "Token initialised",
      text: `${row.label}, serial ${row.serial}. Next: set the user PIN.`,
      look: "good",
    });
    onClose();
    go({ kind: "token", module, token: row.ref });
  });
  const pinPad = preview.data?.pinPad ?? token.pinPad;
  const bytes = new TextEncoder().encode(label).length;
  const wrong = problems(preview.data, { soPin, again, bytes });
  const start = () => {
    const input = {
      module,
      token: token.ref,
      label,
      soPin: pinPad ? null : soPin,
      ...(confirmation ? { confirmation } : {}),
      ...(preview.data ? { objects: preview.data.objects } : {}),
    };
    action.run(input, () => setFailures((count) => count + 1));
    // The PIN leaves the window's memory with the try, right or wrong.
    setSoPin("");
    setAgain("");
  };
  return (
    <Dialog
      title={token.initialised ? `Initialise ${tokenTitle(token)} anew` : "Initialise this token"}
      action={token.initialised ? "Destroy everything and initialise" : "Initialise"}
      danger={token.initialised}
      onAction={start}
      actionDisabled={
        !preview.data ||
        bytes === 0 ||
        wrong.label !== null ||
        wrong.pin !== null ||
        (!pinPad && (soPin === "" || soPin !== again)) ||
        (preview.data.confirmation !== null && (confirmation !== preview.data.confirmation || !kept))
      }
      onClose={onClose}
      busy={action.busy}
      busyText={pinPad ? "Waiting for the SO PIN on the reader" : "Initialising"}
      error={action.error}
    >
      <TokenLine module={module} token={token.ref} />
      {preview.error ? <ErrorNotice error={errorOf(preview.error)} /> : null}
      {preview.data ? <Losses preview={preview.data} /> : null}
      <TextField
        label="Label"
        value={label}
        onChange={setLabel}
        hint={`The token's name, for you and for other programs. ${bytes} of at most 32 bytes.`}
        problem={wrong.label}
        autoFocus
      />
      {pinPad ? (
        <Notice title="The SO PIN is entered on the reader" />
      ) : (
        <>
          {token.initialised && preview.data && !action.error ? <StateWords state={preview.data.soPin} /> : null}
          <PinTryField
            tries={failures}
            flagsRead={preview.data !== undefined}
            label={token.initialised ? "SO PIN of this token" : "SO PIN"}
            value={soPin}
            onChange={setSoPin}
            hint={
              token.initialised
                ? "The SO PIN that it has now. A wrong one uses up a try."
                : "For administration: it sets and unblocks the user PIN. Keep it safe, nobody can recover it."
            }
            problem={wrong.pin}
          />
          <SecretField label="SO PIN again" value={again} onChange={setAgain} problem={wrong.again} />
        </>
      )}
      {preview.data?.confirmation ? (
        <Checkbox label="What is still needed from it is kept elsewhere." value={kept} onChange={setKept} />
      ) : null}
      {preview.data?.confirmation ? (
        <TextField
          label={`Type "${preview.data.confirmation}" to confirm`}
          hint="Label and serial number, so that no other token is meant."
          value={confirmation}
          onChange={setConfirmation}
          problem={
            confirmation !== "" && !preview.data.confirmation.startsWith(confirmation)
              ? "That is not its label and serial number."
              : null
          }
        />
      ) : null}
      <EquivalentCommands request="tokens.initialise" input={{ module, token: token.ref, label: label || "LABEL" }} />
    </Dialog>
  );
};

const problems = (preview: Preview | undefined, typed: { soPin: string; again: string; bytes: number }) => ({
  label: typed.bytes > 32 ? "Too long: a token's label has 32 bytes; letters outside ASCII take two or more." : null,
  pin: pinProblem(typed.soPin, preview),
  again: typed.again !== "" && typed.again !== typed.soPin ? "The two are not the same." : null,
});

const Losses = ({ preview }: { preview: Preview }) => {
  if (!preview.initialised) return null;
  return (
    <Notice
      look="danger"
      title={`Everything on ${preview.label || "this token"} (serial ${preview.serial}) will be destroyed.`}
    >
      <p>
        {preview.objects === 0
          ? "No objects can be seen on it now"
          : `${countWords(preview.objects, "object")} can be seen now: ${countsWords(preview.byClass)}`}
        {preview.privateCounted
          ? "."
          : ". Private keys and other private objects are not counted, since nobody is logged in: there may be more."}
      </p>
      <p>Keys that cannot be extracted exist nowhere else. There is no way back.</p>
    </Notice>
  );
};
