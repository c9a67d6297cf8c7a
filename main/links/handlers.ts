import type { Output } from "../../preload/contract/index.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { DomainHandlers } from "../host/handlers.ts";
import { needLogin } from "../keys/login-needed.ts";
import { refOf } from "../objects/find-object.ts";
import { openToken } from "../objects/open-token.ts";
import { privateIncluded } from "../objects/private-included.ts";
import { failure } from "../pkcs11/failure.ts";
import { bytesAreClaims } from "./claims.ts";
import { findingsShown, groupsShown, whyNotProvable } from "./examine.ts";
import { examineToken, tokenWords } from "./examine-token.ts";
import { has, isClass } from "./member.ts";
import { linkMemory } from "./memory.ts";
import { endsProving, prove } from "./prove.ts";
import { repairHandlers } from "./repair-handlers.ts";

export const linkHandlers: DomainHandlers<"links"> = {
  ...repairHandlers,

  examine: async ({ token }, { library }) => {
    const start = performance.now();
    const open = openToken(library, token);
    const examined = await examineToken(library, open);
    const included = privateIncluded(library, open.token);
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

const groupGone = (ref: TokenRef, group: string) =>
  failure("OBJECT_GONE", {
    where: tokenWords(ref),
    message: `There is no group ${group} any more.`,
    remedy: "Examine the token again; groups are named by the handle of their private key.",
  });

const noKey = (ref: TokenRef) =>
  failure("INVALID_REQUEST", {
    where: tokenWords(ref),
    message: "This group has no private key to sign with.",
    remedy: "Choose a group with a private key.",
  });
