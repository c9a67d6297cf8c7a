import { useEffect } from "react";
import { useRequest } from "../client/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { Empty } from "../ui/notices.tsx";
import { useNavigation } from "./place.tsx";

/** Shown until the first module is up; then the first token is opened by itself. */
export const Welcome = () => {
  const { go } = useNavigation();
  const { data } = useRequest("modules.list", {});
  const module = data?.modules.find(({ state }) => state === "ready");
  const { data: slots } = useRequest("tokens.slots", module ? { module: module.id } : null);
  const token =
    slots?.slots.find(({ token }) => token?.initialised)?.token ?? slots?.slots.find(({ token }) => token)?.token;

  useEffect(() => {
    if (module && token) go({ kind: "token", module: module.id, token: token.ref });
  }, [module, token, go]);

  if (data && data.modules.length === 0)
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
  if (data?.modules.some(({ state }) => state === "failed") && !module)
    return (
      <Empty
        title="No module could be loaded"
        actions={<Button onPress={() => go({ kind: "finder" })}>Find modules</Button>}
      >
        <p>Choose one on the left to see why.</p>
      </Empty>
    );
  return (
    <Empty title="Starting">
      <p>
        Loading modules, each in a process of its own. <Elapsed />
      </p>
    </Empty>
  );
};
