import pkcs11js from "pkcs11js";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { DomainHandlers } from "../host/handlers.ts";
import { importHandlers } from "./import/handlers.ts";
import { listRows } from "./list.ts";
import { openToken } from "./open-token.ts";

type Own = Omit<DomainHandlers<"objects">, keyof typeof importHandlers>;

const ownHandlers = {
  list: async ({ token: ref, stream }, { library, progress }) => {
    const start = performance.now();
    const { token, session } = openToken(library, ref);
    const rows: ObjectRow[] = [];
    const count = await listRows(library, session, (page) => (stream ? progress({ rows: page }) : rows.push(...page)));
    return {
      rows,
      count,
      privateIncluded:
        (token.info.flags & pkcs11js.CKF_LOGIN_REQUIRED) === 0 || library.loginState(token.slotId) === "user",
      milliseconds: Math.round(performance.now() - start),
    };
  },
} as Own;

export const objectHandlers: DomainHandlers<"objects"> = { ...ownHandlers, ...importHandlers };
