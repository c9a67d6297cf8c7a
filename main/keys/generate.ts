import { randomBytes } from "node:crypto";
import type { Handle, KeyPair } from "pkcs11js";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { KeySpec } from "../../preload/contract/keys.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { kindOf } from "./offer.ts";
import {
  asTemplate,
  curveOf,
  isSecret,
  printedParameters,
  type TemplateAttribute,
  type Templates,
} from "./template.ts";

/** Keys that were just made. `publicKey` is null for a secret key. */
export interface Generated {
  publicKey: Handle | null;
  key: Handle;
  /** CKA_ID that both carry. */
  id: Buffer;
  milliseconds: number;
  warnings: string[];
}

export const newId = (spec: KeySpec): Buffer => (spec.id === undefined ? randomBytes(20) : Buffer.from(spec.id, "hex"));

/** Return values with which modules refuse a template; then one more try is made without what is not needed. */
export const templateRefusals: ReadonlySet<string | undefined> = new Set([
  "CKR_ATTRIBUTE_TYPE_INVALID",
  "CKR_ATTRIBUTE_VALUE_INVALID",
  "CKR_ATTRIBUTE_READ_ONLY",
  "CKR_TEMPLATE_INCONSISTENT",
]);

/** Return values with which modules refuse a curve, or its spelling in CKA_EC_PARAMS; true: they say just that. */
const curveRefusals = new Map([
  ["CKR_CURVE_NOT_SUPPORTED", true],
  ["CKR_DOMAIN_PARAMS_INVALID", true],
  ["CKR_KEY_SIZE_RANGE", true],
  ["CKR_ATTRIBUTE_VALUE_INVALID", false],
  ["CKR_TEMPLATE_INCONSISTENT", false],
  ["CKR_GENERAL_ERROR", false],
  ["CKR_FUNCTION_FAILED", false],
  ["CKR_ARGUMENTS_BAD", false],
]);

/**
 * C_GenerateKeyPair or C_GenerateKey in a thread of its own, so that other requests go on (unless the module cannot
 * be called from two threads). Tries at most three spellings: the whole template; without usage flags that are false
 * and the like; for Ed25519 and X25519 the other form of CKA_EC_PARAMS. What protects the key is in all of them.
 * @throws Failure NOT_OFFERED if the token refuses the curve; Pkcs11Error
 */
export const generate = async (
  library: Library,
  session: Handle,
  spec: KeySpec,
  templates: Templates,
  id: Buffer,
): Promise<Generated> => {
  const started = performance.now();
  const where = `${isSecret(spec) ? "C_GenerateKey" : "C_GenerateKeyPair"} of "${spec.label}"`;
  const refusals: string[] = [];
  for (const attempt of attempts(spec, templates)) {
    try {
      const pair = await run(library, session, spec, attempt.templates);
      const warnings = attempt.words ? [`${refusals.join(" ")} ${attempt.words}`.trim()] : [];
      return { ...pair, id, milliseconds: Math.round(performance.now() - started), warnings };
    } catch (thrown) {
      const error = toErrorData(thrown, where);
      const curve = error.rv !== undefined && isCurve(spec) && curveRefusals.has(error.rv);
      if (!curve && !(error.rv && templateRefusals.has(error.rv))) throw new Failure(error);
      refusals.push(`The module refused the template (${error.rv}).`);
      if (attempt.last) throw curve ? curveRefused(spec, error) : new Failure(error);
    }
  }
  throw new Error("no attempt was made");
};

const isCurve = ({ kind }: KeySpec): boolean => kind === "EC" || kind === "Ed25519" || kind === "X25519";

interface Attempt {
  templates: Templates;
  /** What differs from what was planned, for the warning. */
  words: string;
  last: boolean;
}

const attempts = (spec: KeySpec, templates: Templates): Attempt[] => {
  const reduced = { publicKey: templates.publicKey.filter(needed), key: templates.key.filter(needed) };
  const left = [...templates.publicKey, ...templates.key]
    .filter((attribute) => !needed(attribute))
    .map(({ name }) => name);
  const list = [
    { templates, words: "" },
    {
      templates: reduced,
      words: `The key was made without stating ${[...new Set(left)].join(", ")}; the module decided about them.`,
    },
  ];
  if (spec.kind === "Ed25519" || spec.kind === "X25519") {
    const value = printedParameters(spec.kind);
    const spelt = (attribute: TemplateAttribute) =>
      attribute.name === "CKA_EC_PARAMS" ? { ...attribute, value } : attribute;
    list.splice(1, 0, {
      templates: { ...templates, publicKey: templates.publicKey.map(spelt) },
      words: "The curve was then named by its printed name instead of its OID.",
    });
  }
  return list.map((attempt, i) => ({ ...attempt, last: i === list.length - 1 }));
};

const needed = ({ must }: TemplateAttribute): boolean => must;

const run = async (
  { p11, threads }: Library,
  session: Handle,
  spec: KeySpec,
  templates: Templates,
): Promise<{ publicKey: Handle | null; key: Handle }> => {
  const mechanism = { mechanism: kindOf(spec.kind).mechanism };
  const key = asTemplate(templates.key);
  if (isSecret(spec)) {
    const made = threads
      ? await p11.C_GenerateKeyAsync(session, mechanism, key)
      : p11.C_GenerateKey(session, mechanism, key);
    return { publicKey: null, key: made };
  }
  const publicKey = asTemplate(templates.publicKey);
  const pair: KeyPair = threads
    ? await p11.C_GenerateKeyPairAsync(session, mechanism, publicKey, key)
    : p11.C_GenerateKeyPair(session, mechanism, publicKey, key);
  return { publicKey: pair.publicKey, key: pair.privateKey };
};

const curveRefused = (spec: KeySpec, { rv = "", where }: ErrorData): Failure => {
  const { name } = curveOf(spec);
  const sure = curveRefusals.get(rv) === true;
  return failure(sure ? "NOT_OFFERED" : "PKCS11", {
    rv,
    where: `${where}, ${name}`,
    message: sure
      ? `The token does not make keys on ${name}. PKCS#11 has no list of curves, so this shows only at the try. Nothing was made.`
      : `The module refused to make a key on ${name}, and does not say why (${rv}). Most often it does not know the curve.`,
    remedy: "Choose another curve; P-256 and P-384 are the ones that most tokens have.",
  });
};
