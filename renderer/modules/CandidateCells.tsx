import type { ErrorData } from "../../preload/contract/errors.ts";
import { useNavigation } from "../frame/place.tsx";
import { Button } from "../ui/Button.tsx";
import { Badge } from "../ui/notices.tsx";

/** The last two columns of the finder: whether it loads, and the way on. */
export const CandidateCells = (properties: {
  title: string;
  loads: "yes" | "no" | "not tried";
  error: ErrorData | null;
  /** Id of the module that the list has of it already. */
  module: string | null;
  onAdd(): void;
}) => {
  const { title, loads, error, module, onAdd } = properties;
  const { go } = useNavigation();
  return (
    <>
      <td>
        <Badge look={loads === "yes" ? "good" : loads === "no" ? "danger" : undefined}>{loads}</Badge>
        {error ? (
          <div className="muted">
            <p>
              {error.message} {error.rv ? <code>{error.rv}</code> : null}
            </p>
            <p>{error.remedy}</p>
          </div>
        ) : null}
      </td>
      <td className="number">
        {module ? (
          <Button small label={`Open ${title}`} onPress={() => go({ kind: "module", module })}>
            Open
          </Button>
        ) : (
          <Button small label={`Add ${title}`} onPress={onAdd} disabled={loads === "no"}>
            Add
          </Button>
        )}
      </td>
    </>
  );
};
