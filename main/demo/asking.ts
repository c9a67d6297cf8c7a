import type { Input, Output, RequestName } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import type { Dispatch } from "../dispatch.ts";
import { DemoFailure } from "./report.ts";

/** Asks as the window does; an error reply is thrown. */
export type Ask = <N extends RequestName>(name: N, input: Input<N>) => Promise<Output<N>>;

export const asking =
  (dispatch: Dispatch): Ask =>
  async (name, input) => {
    const reply = await dispatch(name, input);
    if (!reply.ok) throw new DemoFailure(reply.error);
    return reply.value as Output<typeof name>;
  };

/** The address of exactly this object. */
export const refOf = ({ handle, class: objectClass, label, id }: ObjectRow): ObjectRef => ({
  handle,
  class: objectClass,
  label,
  id,
});
