import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { SlotRow } from "../../preload/contract/tokens.ts";
import { useRequest, useRequests } from "../client/queries.ts";

/** A module with its slots: null while it does not run, has not answered yet, or could not (then `unreadable`). */
export interface ModuleSlots {
  module: ModuleRow;
  slots: SlotRow[] | null;
  unreadable: boolean;
}

/** Every kept module with its slots, in the order of the list; null before the list is there. */
export const useSlots = (): ModuleSlots[] | null => {
  const { data } = useRequest("modules.list", {});
  const modules = data?.modules ?? [];
  const running = modules.filter(({ state }) => state === "ready").map(({ id }) => ({ module: id }));
  const answers = useRequests("tokens.slots", running);
  if (!data) return null;
  const byId = new Map(running.map(({ module }, index) => [module, answers[index]]));
  return modules.map((module) => ({
    module,
    slots: byId.get(module.id)?.data?.slots ?? null,
    unreadable: byId.get(module.id)?.isError ?? false,
  }));
};
