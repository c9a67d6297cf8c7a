import type { OwnStore } from "../../preload/contract/modules.ts";
import { useNavigation } from "../frame/place.tsx";
import { Button } from "../ui/Button.tsx";
import { Badge } from "../ui/notices.tsx";

/** What is to be added for a store: the library once more, with the configuration that counts now. */
export interface StoreToAdd {
  name: string;
  environment: Record<string, string>;
}

const name = "SoftHSM, your own store";

/** The user's own SoftHSM store, beside the demo token that has the same library. */
export const OwnStoreRow = ({ store, onAdd }: { store: OwnStore; onAdd(wanted: StoreToAdd): void }) => {
  const { go } = useNavigation();
  const { configuration, tokenFolder, tokens, error, module } = store;
  return (
    <tr>
      <td>
        {name}
        {tokens === null ? null : (
          <div className="muted">
            {tokens} {tokens === 1 ? "token" : "tokens"} in {tokenFolder}
          </div>
        )}
      </td>
      <td className="mono">
        {configuration ?? <span className="muted">the configuration that SoftHSM was built with</span>}
      </td>
      <td>
        {error ? <Badge look="danger">no</Badge> : <Badge>not tried</Badge>}
        {error ? (
          <div className="muted">
            <p>{error.message}</p>
            <p>{error.remedy}</p>
          </div>
        ) : null}
      </td>
      <td className="number">
        {module ? (
          <Button small label={`Open ${name}`} onPress={() => go({ kind: "module", module })}>
            Open
          </Button>
        ) : (
          <Button
            small
            label={`Add ${name}`}
            onPress={() => onAdd({ name, environment: configuration ? { SOFTHSM2_CONF: configuration } : {} })}
            disabled={error !== null}
          >
            Add
          </Button>
        )}
      </td>
    </tr>
  );
};
