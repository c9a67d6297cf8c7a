import type { Handle } from "pkcs11js";
import { templateRefusals } from "../../keys/generate.ts";
import { makeTestSignature } from "../../keys/test-signature.ts";
import { tokenMechanisms } from "../../keys/token-mechanisms.ts";
import { tryUse } from "../../keys/use-test.ts";
import { attributeName } from "../../pkcs11/attributes.ts";
import { toErrorData } from "../../pkcs11/failure.ts";
import { type Created, createObject, orRefused } from "./create-object.ts";
import type { FileItem } from "./file-item.ts";
import { privateKeyTemplate, publicKeyTemplate, type Spelling, spellings, type Written } from "./template.ts";
import type { Wanted, Writing } from "./writing.ts";

type FileKey<K extends FileItem["kind"]> = Extract<FileItem, { kind: K }>;

/** @throws Failure NOT_OFFERED, READ_BACK_DIFFERS; Pkcs11Error */
export const writePublicKey = (
  writing: Writing,
  { publicKey }: FileKey<"publicKey">,
  { naming, usage }: Wanted,
  where: string,
): Created =>
  createSpelt(writing, publicKey.type, where, (spelling) => publicKeyTemplate(publicKey, naming, usage, spelling));

/** Writes a private key and uses it once. @throws as {@link writePublicKey}, and TEST_SIGNATURE_FAILED */
export const writePrivateKey = async (
  writing: Writing,
  item: FileKey<"privateKey">,
  wanted: Wanted,
  where: string,
): Promise<Created> => {
  const { naming, usage, ...protection } = wanted;
  const created = createSpelt(writing, item.parts.type, where, (spelling) =>
    privateKeyTemplate(item.parts, naming, protection, usage, spelling),
  );
  const { proof, warnings } = await tryKey(writing, created.handle, item, wanted);
  return {
    ...created,
    compared: proof ? [...created.compared, proof] : created.compared,
    warnings: [...created.warnings, ...warnings],
  };
};

/**
 * Tries the spellings of a key type until the module takes one, each with all usage flags first, then without those
 * that are denied. Ends with the first refusal if it takes none.
 */
const createSpelt = (
  { library, session }: Writing,
  type: Parameters<typeof spellings>[0],
  where: string,
  template: (spelling: Spelling) => Written[],
): Created =>
  orRefused(library, where, () => {
    let first: unknown = null;
    for (const [i, spelling] of spellings(type, library.p11.C_GetInfo().cryptokiVersion).entries()) {
      const whole = template(spelling);
      for (const attributes of [whole, whole.filter(({ spare }) => !spare)]) {
        try {
          const created = createObject(library, session, attributes, where);
          if (i > 0) created.warnings.push(otherSpelling);
          if (attributes !== whole) created.warnings.push(leftToModule(whole));
          return created;
        } catch (thrown) {
          first ??= thrown;
          const { code, rv } = toErrorData(thrown, where);
          if (code !== "PKCS11") throw thrown;
          if (!templateRefusals.has(rv)) break;
        }
      }
    }
    throw first;
  });

const otherSpelling =
  "The module has no CKK_EC_MONTGOMERY; the key was written as CKK_EC_EDWARDS with the curve X25519.";

const leftToModule = (attributes: Written[]): string => {
  const names = attributes.filter(({ spare }) => spare).map(({ type }) => attributeName(type));
  return `The module refused a template that denies ${names.join(", ")}; it decided about them itself.`;
};

/** The proof that the token has understood the values: a signature, or what else the key is for. */
const tryKey = async (
  { library, token }: Writing,
  key: Handle,
  { publicKey }: FileKey<"privateKey">,
  { usage }: Wanted,
): Promise<{ proof: string | null; warnings: string[] }> => {
  const mechanisms = tokenMechanisms(library, token);
  const { handle: session } = library.newSession(token);
  try {
    if (!usage.includes("sign")) {
      const { tried, words } = tryUse({ library, session, key, publicKey, usage, mechanisms });
      return tried ? { proof: proofBy(usage), warnings: [] } : { proof: null, warnings: [words] };
    }
    const { by } = await makeTestSignature(library, { session, key, publicKey, mechanisms }, null);
    return by === "nobody" ? { proof: null, warnings: [unproven] } : { proof: "test signature", warnings: [] };
  } finally {
    library.p11.C_CloseSession(session);
  }
};

const proofBy = (usage: Wanted["usage"]): string =>
  usage.includes("derive") ? "shared secret" : usage.includes("decrypt") ? "test decryption" : "test unwrapping";

const unproven = "The software here does not know the curve, so the test signature was not checked.";
