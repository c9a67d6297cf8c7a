import type { LinkObject } from "../../preload/contract/links.ts";
import { ContextPinField, useContextPin } from "../objects/ContextPin.tsx";
import type { Address } from "../objects/tasks.ts";
import { objectTitle } from "../objects/words.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { proveToast } from "./useProve.ts";

/** A test signature with a key that asks for the PIN at each use. */
export const ProveDialog = (properties: {
  address: Address;
  group: string;
  row: LinkObject;
  onDone(): void;
  onClose(): void;
}) => {
  const { address, group, row, onDone, onClose } = properties;
  const action = useAction("links.prove", (reply) => {
    toast(proveToast(reply));
    onDone();
    onClose();
  });
  const context = useContextPin(address, row, action.error);
  return (
    <Dialog
      title={`Prove ${objectTitle(row)} by a test signature`}
      action="Sign and check"
      onAction={() => action.run({ ...address, group, ...context.take() })}
      actionDisabled={!context.ready}
      onClose={onClose}
      busy={action.busy}
      busyText="Signing"
      error={action.error}
    >
      <p>
        Signs random bytes on the token, and checks the signature here with every public key and certificate that it
        could belong to. Nothing is changed.
      </p>
      <ContextPinField context={context} />
    </Dialog>
  );
};
