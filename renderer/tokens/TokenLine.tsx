import type { TokenRef } from "../../preload/contract/shared.ts";
import { useRequest } from "../client/queries.ts";

/** Which token a PIN or a task is for, so that none is taken for another: label, serial, slot and module. */
export const TokenLine = ({ module, token }: { module: string; token: TokenRef }) => {
  const { data } = useRequest("modules.list", {});
  const name = data?.modules.find(({ id }) => id === module)?.name ?? module;
  return (
    <dl className="facts token-line">
      <dt>Token</dt>
      <dd>
        <strong>{token.label || "without label"}</strong>
      </dd>
      <dt>Serial number</dt>
      <dd className="mono">{token.serial || "none"}</dd>
      <dt>Module</dt>
      <dd>
        {name}
        {token.slot === undefined ? "" : `, slot ${token.slot}`}
      </dd>
    </dl>
  );
};
