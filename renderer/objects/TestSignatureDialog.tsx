import { useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Notice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";
import { ContextPinField, useContextPin } from "./ContextPin.tsx";
import type { Address } from "./tasks.ts";
import { keyOf, objectTitle, refOf } from "./words.ts";

/** Proves that a private key works: one signature, checked in software with the public key. */
export const TestSignatureDialog = (properties: { address: Address; row: ObjectRow; onClose(): void }) => {
  const { address, row, onClose } = properties;
  const [result, setResult] = useState<Output<"keys.testSignature"> | null>(null);
  const action = useAction("keys.testSignature", setResult);
  const context = useContextPin(address, row, action.error);
  const input = { ...address, object: refOf(row) };
  return (
    <Dialog
      title={`Test signature with ${objectTitle(row)}`}
      action={result ? "Sign again" : "Sign and check"}
      onAction={() => {
        setResult(null);
        action.run({ ...input, ...context.take() });
      }}
      actionDisabled={!context.ready}
      onClose={onClose}
      closing={result ? "Close" : undefined}
      busy={action.busy}
      busyText="Signing"
      error={action.error}
    >
      <p>Signs random bytes on the token, then checks the signature here with the public key. Nothing is changed.</p>
      <ContextPinField context={context} />
      {result ? (
        <Notice
          look={result.verified ? "good" : "danger"}
          title={result.verified ? "The signature is valid" : "The signature is not valid"}
        >
          <p>
            <code>{result.mechanism}</code>, {result.milliseconds.toFixed(1)} ms on the token, checked in software.
            {result.verified
              ? ""
              : " Do not use this key: its private and public half do not belong together, or the module is faulty."}
          </p>
        </Notice>
      ) : null}
      <EquivalentCommands request="keys.testSignature" input={{ ...address, object: keyOf(row) }} />
    </Dialog>
  );
};
