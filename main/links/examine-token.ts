import type { TokenRef } from "../../preload/contract/shared.ts";
import type { OpenToken } from "../objects/open-token.ts";
import type { Library } from "../pkcs11/library.ts";
import { bytesAreClaims } from "./claims.ts";
import { type Examined, examineMembers } from "./examine.ts";
import { linkMemory } from "./memory.ts";
import { readMembers } from "./read-members.ts";

/** Reads a token and judges it. */
export const examineToken = async (library: Library, open: OpenToken): Promise<Examined & { count: number }> => {
  const { members, count } = await readMembers(library, open);
  const { proofs } = linkMemory(library, open.token);
  const grouping = {
    proofOf: (key: Examined["members"][number]) => proofs.get(key.object),
    bytesAreClaims: bytesAreClaims(library, open.token) !== null,
  };
  return { ...examineMembers(members, grouping, new Date()), count };
};

/** Where an error was, if it is of the token and not of one object. */
export const tokenWords = ({ label, serial }: TokenRef): string => `token ${label || serial}`;
