import type { ObjectRow } from "../../preload/contract/objects.ts";
import { viewContent } from "../certificates/view/opened.ts";
import { call, errorOf } from "../client/call.ts";
import { useNavigation } from "../frame/place.tsx";
import { toast } from "../ui/toasts.tsx";
import type { Address } from "./tasks.ts";
import { objectTitle, refOf } from "./words.ts";

/** Classes that the certificate viewer shows. */
export const canView = ({ class: name }: ObjectRow): boolean => name === "certificate" || name === "publicKey";

/** Opens certificates and public keys of a token in the viewer, and goes there. */
export const useViewing = (address: Address): ((rows: readonly ObjectRow[]) => Promise<void>) => {
  const { go } = useNavigation();
  return async (rows) => {
    try {
      for (const row of rows) {
        const { content } = await call("objects.read", { ...address, object: refOf(row), format: "der" });
        await viewContent(objectTitle(row), content);
      }
      go({ kind: "certificates", tab: "view" });
    } catch (thrown) {
      const { message, remedy } = errorOf(thrown);
      toast({ key: "view", title: message, text: remedy, look: "warn" });
    }
  };
};
