import { Button } from "../ui/Button.tsx";
import { CopiedText } from "../ui/CopiedText.tsx";
import { copyText } from "../ui/copy.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";

export interface SavedFile {
  path: string;
  /** Bytes. */
  size: number;
  /** null for binary content. */
  text: string | null;
}

/** Says where files were written, and has their text at hand. */
export const Saved = ({ files, onClose }: { files: SavedFile[]; onClose(): void }) => {
  const [first] = files;
  return (
    <Dialog title={files.length === 1 ? "Saved" : `${countWords(files.length, "file")} saved`} onClose={onClose} wide>
      {files.map(({ path, size }) => (
        <Notice key={path} look="good">
          <p className="saved-path">
            <code>{path}</code>
            <span className="muted">{countWords(size, "byte")}</span>
            <Button small label={`Copy path ${path}`} onPress={() => void copyText(path, "Path")}>
              Copy path
            </Button>
          </p>
        </Notice>
      ))}
      {files.length === 1 && first && first.text !== null ? (
        <CopiedText
          text={first.text}
          what="Text"
          word="Copy text"
          shown={first.text.length > 4000 ? `${first.text.slice(0, 4000)}\n…` : first.text}
        />
      ) : null}
    </Dialog>
  );
};
