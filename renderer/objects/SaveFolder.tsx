import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";
import type { useSaving } from "./useSaving.ts";

type Saving = ReturnType<typeof useSaving>;

export const SaveFolder = ({ saving }: { saving: Saving }) => (
  <TextField
    label="Folder"
    value={saving.folder}
    onChange={saving.setFolder}
    hint="~/ is your own folder. A file that is there already is never replaced: the new one gets a number."
    mono
  />
);

/** What keeps files from being saved, with the way on; null if nothing does. */
export const savingNotice = (saving: Saving) => {
  if (saving.missing !== null)
    return (
      <Notice look="warn" title="There is no such folder. Nothing was written.">
        <p>
          <code>{saving.missing}</code>
        </p>
        <p>
          <Button small onPress={saving.createFolder}>
            Create folder and save
          </Button>
        </p>
      </Notice>
    );
  if (saving.error && saving.done.length > 0)
    return (
      <Notice look="warn" title={`${countWords(saving.done.length, "file is", "files are")} saved already`}>
        <p>"Save" goes on with the others.</p>
      </Notice>
    );
  return null;
};
