import type { Handle } from "pkcs11js";
import type { KeySpec } from "../../preload/contract/keys.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { HostHandler } from "../host/handlers.ts";
import { readRow } from "../objects/read-row.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { type Generated, generate, newId } from "./generate.ts";
import { needLogin } from "./login-needed.ts";
import { moduleQuirks } from "./module-quirks.ts";
import { kindOf, offerFrom } from "./offer.ts";
import { keyId, type PublicKey } from "./public-key.ts";
import { readNamed } from "./read-named.ts";
import { setPairId } from "./set-id.ts";
import { refuseTaken, takenFor } from "./taken.ts";
import { isNoUsage, type TemplateAttribute, type Templates, templatesFor } from "./template.ts";
import { makeTestSignature, type TestSignature } from "./test-signature.ts";
import { publicKeyIn } from "./token-key.ts";
import { type TokenMechanism, tokenMechanisms } from "./token-mechanisms.ts";
import { usageOf } from "./usage.ts";
import { tryUse } from "./use-test.ts";

/**
 * keys.generate. Up to C_GenerateKeyPair nothing is on the token. From then on the keys are there: whatever fails
 * later, the error says so and names them, and nothing is deleted.
 */
export const generateKey: HostHandler<"keys.generate"> = async (
  { token: ref, spec },
  { library, module, progress, emit },
) => {
  const token = library.findToken(ref);
  const shared = library.session(token);
  needLogin(library, token, "C_GenerateKeyPair");
  const mechanisms = tokenMechanisms(library, token);
  refuseUnoffered(spec, mechanisms);
  if (!spec.allowDuplicate) refuseTaken(takenFor(library, shared, spec), `key "${spec.label}"`);
  const id = newId(spec);
  const { publicUsageLeftOut } = moduleQuirks(library);
  const full = templatesFor(spec, id);
  const templates = publicUsageLeftOut ? { ...full, publicKey: full.publicKey.filter(isNoUsage) } : full;
  // A session of its own: the shared one stays free for other requests while the token works.
  const { handle: session } = library.newSession(token);
  const clock = stepClock(progress);
  const ended = library.underWay.begin(token, `Key "${spec.label}" is being generated`);
  try {
    clock.step("generating");
    const made = await generate(library, session, spec, templates, id);
    if (publicUsageLeftOut && made.publicKey) made.warnings.push(publicUsageLeftOut);
    clock.step("checking");
    const finished = await finish({ library, session, spec, templates, mechanisms, made, step: clock.step });
    return { ...finished, milliseconds: made.milliseconds };
  } finally {
    ended();
    clock.stop();
    try {
      library.p11.C_CloseSession(session);
    } catch {}
    emit("objects.changed", { module, token: ref });
  }
};

/** Sends the step and the whole seconds since the start, at each step and each second. */
const stepClock = (progress: (value: { step: string; seconds: number }) => void) => {
  const started = Date.now();
  let current = "";
  const tell = () => progress({ step: current, seconds: Math.round((Date.now() - started) / 1000) });
  const timer = setInterval(tell, 1000);
  return {
    step: (step: string) => {
      current = step;
      tell();
    },
    stop: () => clearInterval(timer),
  };
};

const refuseUnoffered = (spec: KeySpec, mechanisms: Map<number, TokenMechanism>): void => {
  const { kinds, notOffered } = offerFrom(mechanisms);
  const kind = kinds.find((offer) => offer.kind === spec.kind);
  const title = kindOf(spec.kind).title;
  const refuse = (what: string, why: string) =>
    failure("NOT_OFFERED", {
      where: `key "${spec.label}"`,
      message: `The token does not offer ${what}. ${why}`,
      remedy: "Choose from what the token offers.",
    });
  if (!kind) throw refuse(title, notOffered.find((entry) => entry.kind === title)?.why ?? "");
  if (kind.sizes.length > 0 && !kind.sizes.includes(spec.size ?? 0))
    throw refuse(`${title} with ${spec.size ?? "no"} bits`, `It offers ${kind.sizes.join(", ")}.`);
  if (kind.curves.length > 0 && !kind.curves.includes(spec.curve ?? ""))
    throw refuse(`the curve ${spec.curve ?? "(none given)"}`, `It offers ${kind.curves.join(", ")}.`);
  if (!kind.presets.some(({ name }) => name === spec.preset))
    throw refuse(`"${spec.preset}" for ${title}`, `It offers ${kind.presets.map(({ name }) => name).join(", ")}.`);
};

interface Made {
  library: Library;
  session: Handle;
  spec: KeySpec;
  templates: Templates;
  mechanisms: Map<number, TokenMechanism>;
  made: Generated;
  step(step: string): void;
}

interface Finished {
  publicKey: ObjectRow | null;
  key: ObjectRow;
  id: string;
  test: TestSignature | null;
  testNote: string;
  warnings: string[];
}

const finish = async (work: Made): Promise<Finished> => {
  try {
    const { library, session, made } = work;
    const warnings = [...made.warnings];
    const pair = readPair(work);
    let id = made.id;
    if (pair && work.spec.id === undefined) {
      const set = setPairId(library, session, pair, made.id, keyId(pair.value));
      id = set.id;
      warnings.push(...set.warnings);
    }
    warnings.push(...compareFlags(work));
    work.step("testing");
    const { test, note } = await testKey(work, pair);
    return {
      publicKey: made.publicKey && readRow(library, session, made.publicKey),
      key: readRow(library, session, made.key),
      id: id.toString("hex"),
      test,
      testNote: note,
      warnings,
    };
  } catch (thrown) {
    throw afterwards(thrown, work.made);
  }
};

interface Pair {
  publicKey: Handle;
  key: Handle;
  value: PublicKey;
}

/** The halves of a pair with the public key's value as read from the token; null for a secret key. */
const readPair = ({ library, session, made: { publicKey, key } }: Made): Pair | null => {
  if (!publicKey) return null;
  const value = publicKeyIn(library, session, publicKey);
  if (value) return { publicKey, key, value };
  throw failure("READ_BACK_DIFFERS", {
    where: `C_GetAttributeValue of public key ${handleText(publicKey)}`,
    message: "The public key cannot be read from the token in any form that is known.",
    remedy: "Look at the object's attributes in the inspector.",
  });
};

/** CKA_TOKEN, CKA_SENSITIVE and so on as they came out, against what was asked for. */
const compareFlags = ({ library, session, made, templates }: Made): string[] => {
  const halves: [string, Handle | null, TemplateAttribute[]][] = [
    ["public key", made.publicKey, templates.publicKey],
    ["key", made.key, templates.key],
  ];
  return halves.flatMap(([half, handle, template]) => {
    if (!handle) return [];
    const flags = template.filter(({ value }) => typeof value === "boolean");
    const read = readNamed(library, session, handle, Object.fromEntries(flags.map(({ name, type }) => [name, type])));
    return flags.flatMap(({ name, value, must }) => {
      const actual = read[name]?.[0];
      if (actual === undefined || (actual !== 0) === value) return [];
      if (protecting.has(name) && must) throw differs(half, handle, name, value === true);
      return [`The ${half} came out with ${name}=${actual !== 0}, although ${value} was asked for.`];
    });
  });
};

/** A key that lacks one of these is not what was asked for; the rest is a warning. */
const protecting = new Set(["CKA_TOKEN", "CKA_PRIVATE", "CKA_SENSITIVE", "CKA_EXTRACTABLE", "CKA_ALWAYS_AUTHENTICATE"]);

const differs = (half: string, handle: Handle, name: string, wanted: boolean) =>
  failure("READ_BACK_DIFFERS", {
    where: `${half} ${handleText(handle)}`,
    message: `The module made the ${half} with ${name}=${!wanted}, although ${wanted} was asked for.`,
    remedy:
      name === "CKA_TOKEN"
        ? "It is gone when the session ends. The module does not keep keys made this way."
        : "Do not use the key if you rely on that protection; delete it.",
    details: { attribute: name, handle: handleText(handle) },
  });

const testKey = async (work: Made, pair: Pair | null): Promise<{ test: TestSignature | null; note: string }> => {
  const { library, session, spec, mechanisms } = work;
  const usage = usageOf(spec.preset, spec.kind).key;
  const key = work.made.key;
  if (!pair || !usage.includes("sign"))
    return {
      test: null,
      note: tryUse({ library, session, key, publicKey: pair?.value ?? null, usage, mechanisms }).words,
    };
  if (spec.alwaysAuthenticate)
    return {
      test: null,
      note: "Not tested yet: this key asks for the PIN at each use. Make a test signature from its menu.",
    };
  const { by, ...test } = await makeTestSignature(
    library,
    { session, key, publicKey: pair.value, mechanisms },
    pair.publicKey,
  );
  return { test, note: noteBy[by] };
};

const noteBy = {
  software: "Signed on the token, verified in software with the public key read from the token.",
  module: "Signed on the token. The software here does not know the curve, so the module's own C_Verify checked it.",
  nobody: "Signed on the token, but nothing here could check the signature.",
} as const;

/** Something failed after the generation: the error must say that the keys are there. */
const afterwards = (thrown: unknown, { publicKey, key }: Generated): Failure => {
  const error = toErrorData(thrown, "after the generation");
  const handles = publicKey
    ? `public key ${handleText(publicKey)} and private key ${handleText(key)}`
    : `key ${handleText(key)}`;
  return new Failure({
    ...error,
    message: `${error.message} The generation itself succeeded: ${handles} are on the token and were left there.`,
    details: { ...error.details, key: handleText(key), publicKey: publicKey && handleText(publicKey) },
  });
};
