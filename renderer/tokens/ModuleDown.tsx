import type { ModuleRow } from "../../preload/contract/modules.ts";
import { useNavigation } from "../frame/place.tsx";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";

/** In place of a token's objects while its module does not run. The token itself is as it was. */
export const ModuleDown = ({ module }: { module: ModuleRow }) => {
  const { go } = useNavigation();
  const start = useAction("modules.start", () => {});
  return (
    <div className="work-body">
      {module.error ? <ErrorNotice error={module.error} /> : null}
      {start.error ? <ErrorNotice error={start.error} /> : null}
      <p className="muted">
        {module.state === "starting" ? (
          <>
            {module.name} is starting <Elapsed />
          </>
        ) : (
          `${module.name} does not run, so nothing can be asked of this token now. What is on it stays as it is.`
        )}
      </p>
      <div className="input-row">
        <Button
          look="primary"
          onPress={() => start.run({ module: module.id })}
          disabled={start.busy || module.state === "starting"}
        >
          Start the module
        </Button>
        <Button onPress={() => go({ kind: "module", module: module.id })}>Show the module</Button>
      </div>
    </div>
  );
};
