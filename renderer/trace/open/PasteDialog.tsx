import { useState } from "react";
import { Dialog } from "../../ui/Dialog.tsx";
import { TextArea } from "../../ui/TextArea.tsx";
import { openTrace } from "../opened.ts";

/** Part of a log from a web page, an issue or a mail. */
export const PasteDialog = ({ onClose }: { onClose(): void }) => {
  const [text, setText] = useState("");
  const open = () => {
    onClose();
    void openTrace({ pasted: text }, "Pasted text");
  };
  return (
    <Dialog
      title="Open pasted text"
      action="Open"
      onAction={open}
      actionDisabled={text.trim() === ""}
      onClose={onClose}
      wide
    >
      <TextArea
        label="Text of the log"
        value={text}
        onChange={setText}
        rows={14}
        hint="Curly quotes and lost indentation are put up with; rows that were guessed are marked. PINs in it are masked on the screen, and the text is written to no file."
        mono
      />
    </Dialog>
  );
};
