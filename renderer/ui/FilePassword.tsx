import { type KeyboardEvent, useState } from "react";
import { Button } from "./Button.tsx";
import { SecretField } from "./fields.tsx";

/** The password leaves the window's memory with the try, right or wrong. Enter opens this file, and does nothing else. */
export const FilePassword = (properties: {
  fileName: string;
  /** What becomes of the password. */
  hint: string;
  onOpen(password: string): void;
}) => {
  const { fileName, hint, onOpen } = properties;
  const [password, setPassword] = useState("");
  const open = () => {
    if (password === "") return;
    setPassword("");
    onOpen(password);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    // The form around it would take it for "Write".
    event.preventDefault();
    open();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for the field and the buttons in it
    <div className="file-password" onKeyDown={onKey}>
      <SecretField label={`Password of ${fileName}`} value={password} onChange={setPassword} hint={hint} autoFocus />
      <Button look="primary" onPress={open} disabled={password === ""}>
        Open
      </Button>
    </div>
  );
};
