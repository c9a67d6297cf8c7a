import type { ObjectRow } from "../../preload/contract/objects.ts";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { countWords } from "../ui/words.ts";
import { type Address, canSave, type ObjectTask } from "./tasks.ts";
import { useTrusting } from "./useTrusting.ts";
import { canView, useViewing } from "./useViewing.ts";
import { WriteProtected } from "./WriteProtected.tsx";
import { classCounts, keyWords, objectTitle } from "./words.ts";

/** Objects that are named before the rest is only counted. */
const named = 12;

/** What several chosen objects are together, and what can be done with all of them. */
export const SeveralObjects = (properties: {
  address: Address;
  rows: ObjectRow[];
  writeProtected: boolean;
  onTask(task: ObjectTask): void;
}) => {
  const { rows, writeProtected, onTask } = properties;
  const ids = new Set(rows.map(({ id }) => id).filter(Boolean));
  const saved = rows.filter(canSave);
  const viewed = rows.filter(canView);
  const view = useViewing(properties.address);
  const trust = useTrusting(properties.address);
  return (
    <div className="inspection">
      <h2>{countWords(rows.length, "object")}</h2>
      <p>
        {classCounts(rows)}
        {ids.size > 0 ? (
          <span className="muted">{ids.size === 1 ? ", one CKA_ID" : `, ${ids.size} different CKA_IDs`}</span>
        ) : null}
      </p>
      <div className="inspection-actions">
        {viewed.length > 0 ? (
          <>
            <Button onPress={() => void view(viewed)}>
              View {viewed.length === rows.length ? "all" : viewed.length}
            </Button>
            <Button onPress={() => void trust(viewed)}>
              Trust {viewed.length === rows.length ? "all" : viewed.length} elsewhere…
            </Button>
          </>
        ) : null}
        {saved.length > 0 ? (
          <Button onPress={() => onTask({ kind: "save", rows: saved })}>
            Save {saved.length === rows.length ? "all" : saved.length} to files…
          </Button>
        ) : null}
        <Button onPress={() => void copyText(rows.map(({ uri }) => uri).join("\n"), `${rows.length} URIs`)}>
          Copy URIs
        </Button>
        <Button look="danger" onPress={() => onTask({ kind: "delete", rows })} disabled={writeProtected}>
          Delete {rows.length}…
        </Button>
      </div>
      {writeProtected ? <WriteProtected /> : null}
      <ul className="several">
        {rows.slice(0, named).map((row) => (
          <li key={row.handle}>
            {objectTitle(row)} <span className="muted">{keyWords(row)}</span>
          </li>
        ))}
        {rows.length > named ? <li className="muted">and {countWords(rows.length - named, "more", "more")}</li> : null}
      </ul>
    </div>
  );
};
