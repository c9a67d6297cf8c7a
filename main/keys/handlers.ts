import type { DomainHandlers } from "../host/handlers.ts";
import { findObject } from "../objects/find-object.ts";
import { openToken } from "../objects/open-token.ts";
import { failure } from "../pkcs11/failure.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import { newId } from "./generate.ts";
import { generateKey } from "./generate-key.ts";
import { needLogin } from "./login-needed.ts";
import { moduleQuirks } from "./module-quirks.ts";
import { kindOf, offerFrom } from "./offer.ts";
import { takenFor } from "./taken.ts";
import { isNoUsage, type TemplateAttribute, templatesFor } from "./template.ts";
import { makeTestSignature } from "./test-signature.ts";
import { publicKeyFor } from "./token-key.ts";
import { tokenMechanisms } from "./token-mechanisms.ts";
import { warningsFor } from "./warnings.ts";

const rows = (attributes: TemplateAttribute[]) =>
  attributes.map(({ name, shown, why }) => ({ name, value: shown, why }));

export const keyHandlers: DomainHandlers<"keys"> = {
  offer: ({ token }, { library }) => offerFrom(tokenMechanisms(library, library.findToken(token))),

  plan: ({ token: ref, spec }, { library }) => {
    const { session } = openToken(library, ref);
    const templates = templatesFor(spec, newId(spec));
    const { publicUsageLeftOut } = moduleQuirks(library);
    return {
      mechanism: mechanismName(kindOf(spec.kind).mechanism),
      publicTemplate: rows(publicUsageLeftOut ? templates.publicKey.filter(isNoUsage) : templates.publicKey),
      privateTemplate: rows(templates.key),
      warnings: warningsFor(spec),
      taken: takenFor(library, session, spec),
    };
  },

  generate: generateKey,

  testSignature: async ({ token: ref, object, ...forUse }, { library }) => {
    const { token, session: shared } = openToken(library, ref);
    if (object.class !== "privateKey")
      throw failure("INVALID_REQUEST", {
        where: "C_Sign",
        message: "Only a private key can make a test signature.",
        remedy: "Choose the private key.",
      });
    needLogin(library, token, "C_Sign");
    const { handle } = findObject(library, shared, object);
    const { publicKey, object: publicObject } = publicKeyFor(library, shared, handle);
    const { handle: session } = library.newSession(token);
    try {
      const signing = { session, key: handle, publicKey, mechanisms: tokenMechanisms(library, token), ...forUse };
      const { by: _, ...test } = await makeTestSignature(library, signing, publicObject);
      return test;
    } finally {
      library.p11.C_CloseSession(session);
    }
  },
};
