import type { OwnStore } from "../../preload/contract/modules.ts";
import { countWords } from "../ui/words.ts";
import { CandidateCells } from "./CandidateCells.tsx";

/** What is to be added for a store: the library once more, with the configuration that counts now. */
export interface StoreToAdd {
  name: string;
  environment: Record<string, string>;
}

const name = "SoftHSM, your own store";

/** The user's own SoftHSM store, beside the demo token that has the same library. */
export const OwnStoreRow = ({ store, onAdd }: { store: OwnStore; onAdd(wanted: StoreToAdd): void }) => {
  const { configuration, tokenFolder, tokens, error, module } = store;
  return (
    <tr>
      <td>
        {name}
        {tokens === null ? null : (
          <div className="muted">
            {countWords(tokens, "token")} in {tokenFolder}
          </div>
        )}
      </td>
      <td className="mono">
        {configuration ?? <span className="muted">the configuration that SoftHSM was built with</span>}
      </td>
      <CandidateCells
        title={name}
        loads={error ? "no" : "not tried"}
        error={error}
        module={module}
        onAdd={() => onAdd({ name, environment: configuration ? { SOFTHSM2_CONF: configuration } : {} })}
      />
    </tr>
  );
};
