import { useEffect } from "react";
import { useRequest } from "../client/queries.ts";
import { useSlots } from "../tokens/useSlots.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { Empty } from "../ui/notices.tsx";
import { firstPlace } from "./first-place.ts";
import { useNavigation } from "./place.tsx";

/** Shown until it is known where to begin; then the window goes there by itself. */
export const Welcome = () => {
  const { go, begin } = useNavigation();
  const modules = useSlots();
  const { data: settings } = useRequest("app.settings", {});
  const first = modules && settings ? firstPlace(modules, settings.lastToken) : "wait";

  useEffect(() => {
    if (first !== null && first !== "wait") begin(first);
  }, [first, begin]);

  if (modules && modules.length === 0)
    return (
      <Empty
        title="No module yet"
        actions={
          <Button look="primary" onPress={() => go({ kind: "finder" })}>
            Find modules
          </Button>
        }
      >
        <p>
          Tokenglass talks to a token through its PKCS#11 module, a library from the token's vendor. Let it look for the
          ones that are installed.
        </p>
      </Empty>
    );
  if (modules && first === null) {
    const failed = modules.every(({ module }) => module.state === "failed");
    return (
      <Empty
        title={failed ? "No module could be loaded" : "No token yet"}
        actions={<Button onPress={() => go({ kind: "finder" })}>Find modules</Button>}
      >
        <p>
          {failed
            ? "Choose one on the left to see why."
            : "Insert one; it appears on the left by itself. If it does not, choose its module there to see why."}
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Starting">
      <p>
        Loading modules, each in a process of its own. <Elapsed />
      </p>
    </Empty>
  );
};
