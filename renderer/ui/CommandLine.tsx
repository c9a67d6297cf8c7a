import { Button } from "./Button.tsx";
import { copyText } from "./copy.ts";

/** A command, or the path of a file, to be used elsewhere: whole, and copied at a press. */
export const CommandLine = (properties: {
  text: string;
  /** What it is called when it has been copied. */
  what?: string;
  /** Word on the button. */
  word?: string;
  /** Name of the button, where there are several of them. */
  label?: string;
  autoFocus?: boolean;
}) => {
  const { text, what = "Command", word = "Copy", label = "Copy command", autoFocus } = properties;
  return (
    <div className="command-line">
      <code>{text}</code>
      <Button small label={label} autoFocus={autoFocus} onPress={() => void copyText(text, what)}>
        {word}
      </Button>
    </div>
  );
};
