import type { TokenRow } from "../../preload/contract/tokens.ts";

export const ObjectsTab = (_: { module: string; token: TokenRow }) => null;
