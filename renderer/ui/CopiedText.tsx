import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import { copyText } from "./copy.ts";

/** A text of several lines to be taken along: whole, and copied at a press. */
export const CopiedText = (properties: {
  text: string;
  /** What it is called when it has been copied. */
  what: string;
  /** Word on the button. */
  word?: string;
  /** What is shown of a text that may be too long. */
  shown?: string;
  /** Further buttons. */
  children?: ReactNode;
}) => {
  const { text, what, word = "Copy PEM", shown = text, children } = properties;
  return (
    <>
      <pre className="saved-text">{shown}</pre>
      <p className="saved-buttons">
        <Button onPress={() => void copyText(text, what)}>{word}</Button>
        {children}
      </p>
    </>
  );
};
