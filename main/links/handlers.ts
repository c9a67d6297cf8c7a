import pkcs11js from "pkcs11js";
import type { Output } from "../../preload/contract/index.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { DomainHandlers } from "../host/handlers.ts";
import { needLogin } from "../keys/login-needed.ts";
import { refOf } from "../objects/find-object.ts";
import { type OpenToken, openToken } from "../objects/open-token.ts";
import { failure } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { bytesAreClaims } from "./claims.ts";
import { type Examined, examineMembers, findingsShown, groupsShown, whyNotProvable } from "./examine.ts";
import { has, isClass } from "./member.ts";
import { linkMemory } from "./memory.ts";
import { endsProving, prove } from "./prove.ts";
import { readMembers } from "./read-members.ts";

/** Whether private keys can be seen now: after login, and always on a token without PIN. */
const privateIncluded = (library: Library, { token: { info, slotId } }: OpenToken): boolean =>
  (info.flags & pkcs11js.CKF_LOGIN_REQUIRED) === 0 || library.loginState(slotId) === "user";

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

export const linkHandlers: DomainHandlers<"links"> = {
  examine: async ({ token }, { library }) => {
    const start = performance.now();
    const open = openToken(library, token);
    const examined = await examineToken(library, open);
    const included = privateIncluded(library, open);
    return {
      groups: groupsShown(examined, included),
      findings: findingsShown(examined, included),
      privateIncluded: included,
      tokenWords: bytesAreClaims(library, open.token),
      count: examined.count,
      milliseconds: Math.round(performance.now() - start),
    };
  },

  prove: async ({ token: ref, group, contextPin, confirmation }, { library, progress }) => {
    const open = openToken(library, ref);
    needLogin(library, open.token, "C_Sign");
    const { judged, members } = await examineToken(library, open);
    const { proofs } = linkMemory(library, open.token);
    const chosen = judged.filter(({ group: each }) => (group === undefined ? each.key !== null : each.name === group));
    if (group !== undefined && chosen.length === 0) throw groupGone(ref, group);
    const candidates = members.filter((member) => !isClass(member, "privateKey"));
    const reply: Output<"links.prove"> = { results: [], skipped: [] };
    for (const [done, { group: each, facts }] of chosen.entries()) {
      if (!each.key) throw noKey(ref);
      const why = group === undefined && has(each.key, "always-authenticate") ? asksPin : whyNotProvable(facts);
      if (why !== null) {
        reply.skipped.push({ key: refOf(each.key.object), why });
        continue;
      }
      const { result, proof } = await prove({ library, open, candidates, contextPin, confirmation }, each.key);
      if (result.error && group !== undefined) throw failure(result.error.code, result.error);
      if (proof) proofs.put(each.key.object, proof);
      reply.results.push(result);
      progress({ done: done + 1, of: chosen.length });
      if (endsProving(result)) break;
    }
    return reply;
  },
};

const asksPin = "The key asks for the PIN at each use; prove it alone.";

const where = ({ label, serial }: TokenRef): string => `token ${label || serial}`;

const groupGone = (ref: TokenRef, group: string) =>
  failure("OBJECT_GONE", {
    where: where(ref),
    message: `There is no group ${group} any more.`,
    remedy: "Examine the token again; groups are named by the handle of their private key.",
  });

const noKey = (ref: TokenRef) =>
  failure("INVALID_REQUEST", {
    where: where(ref),
    message: "This group has no private key to sign with.",
    remedy: "Choose a group with a private key.",
  });
