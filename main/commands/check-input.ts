import { z } from "zod";
import { declarationOf } from "../../preload/contract/index.ts";
import { describeIssues } from "../../preload/contract/issues.ts";
import { failure } from "../pkcs11/failure.ts";

/**
 * Refuses an input that the request itself would refuse: a field that it does not have, a value of the wrong kind. What
 * is missing or empty is not filled in yet, and does not count.
 * @throws Failure INVALID_REQUEST naming the field
 */
export const checkInput = (request: string, input: Record<string, unknown>): void => {
  const declaration = declarationOf(request);
  if (!declaration) throw wrong("request", "There is no request of that name.");
  const filled = withoutBlanks(withoutSecrets(withoutKinds(input), declaration.input)) as Record<string, unknown>;
  const issues = declaration.input.safeParse(filled).error?.issues ?? [];
  const wrongOnes = issues.filter(({ path, code }) => code === "unrecognized_keys" || at(filled, path) !== undefined);
  if (wrongOnes.length > 0) throw wrong(request, describeIssues(wrongOnes));
};

/** PINs and the like do not get into a command, so whether they are right does not matter here. */
const withoutSecrets = (input: Record<string, unknown>, schema: z.ZodType): Record<string, unknown> => {
  if (!(schema instanceof z.ZodObject)) return input;
  const shape: Record<string, z.ZodType> = schema.shape;
  return Object.fromEntries(Object.entries(input).filter(([name]) => shape[name]?.meta()?.secret !== true));
};

/** A preview has said what the items of a file are; the request finds that out by itself. */
const withoutKinds = (input: Record<string, unknown>): Record<string, unknown> =>
  Array.isArray(input.items) ? { ...input, items: input.items.map(withoutKind) } : input;

const withoutKind = (item: unknown): unknown => {
  if (item === null || typeof item !== "object") return item;
  const { kind: _known, ...rest } = item as { kind?: unknown };
  return rest;
};

const withoutBlanks = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutBlanks);
  if (value === "" || value === null) return undefined;
  if (typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, withoutBlanks(inner)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
};

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

const wrong = (where: string, message: string) =>
  failure("INVALID_REQUEST", {
    where,
    message,
    remedy: "`npx tokenglass describe` prints every request with the shape of its input.",
  });
