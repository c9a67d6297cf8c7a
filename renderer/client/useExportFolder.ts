import { useState } from "react";
import { call } from "./call.ts";
import { useRequest } from "./queries.ts";

/**
 * The folder that files are saved into: proposed from the settings, changed by the user, remembered there.
 * @param otherwise proposed where the settings name none
 */
export const useExportFolder = (otherwise = "") => {
  const [typed, setTyped] = useState<string | null>(null);
  const settings = useRequest("app.settings", {});
  const proposed = settings.data?.exportFolder || otherwise;
  const folder = typed ?? proposed;
  return {
    folder,
    setFolder: setTyped,
    /** To be called when files have been saved. Only a convenience for the next time: never fails. */
    remember: async (): Promise<void> => {
      if (folder !== "" && folder !== proposed) await call("app.setSettings", { exportFolder: folder }).catch(() => {});
    },
  };
};
