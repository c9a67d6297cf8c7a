import type { TokenRow } from "../../preload/contract/tokens.ts";
import { useRequest } from "../client/queries.ts";
import { tokenTitle } from "./words.ts";

/** Which token a dialog is about, so that none is taken for another: label, serial, slot and module. */
export const TokenLine = ({ module, token }: { module: string; token: TokenRow }) => {
  const { data } = useRequest("modules.list", {});
  const name = data?.modules.find(({ id }) => id === module)?.name ?? module;
  return (
    <dl className="facts token-line">
      <dt>Token</dt>
      <dd>
        <strong>{tokenTitle(token)}</strong>
      </dd>
      <dt>Serial number</dt>
      <dd className="mono">{token.serial || "none"}</dd>
      <dt>Module</dt>
      <dd>
        {name}
        {token.ref.slot === undefined ? "" : `, slot ${token.ref.slot}`}
      </dd>
    </dl>
  );
};
