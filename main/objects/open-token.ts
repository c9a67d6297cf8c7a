import type { Handle } from "pkcs11js";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";

export interface OpenToken {
  token: FoundToken;
  session: Handle;
}

/** Finds a token and the session that requests on it share. @throws Failure TOKEN_GONE, TOKEN_AMBIGUOUS; Pkcs11Error */
export const openToken = (library: Library, ref: TokenRef): OpenToken => {
  const token = library.findToken(ref);
  return { token, session: library.session(token) };
};
