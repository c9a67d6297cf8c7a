import type { ErrorData, Reply } from "../../preload/contract/errors.ts";
import type { ExpirySource } from "../../preload/contract/expiry.ts";
import type { Output } from "../../preload/contract/index.ts";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { Found } from "./overview.ts";

export interface Looked {
  found: Found[];
  sources: ExpirySource[];
}

/** Asks a token host. Only what lists is asked: nothing is started, no PIN is needed. */
export type AskHost = (module: string, name: "tokens.slots" | "objects.list", input: object) => Promise<Reply<unknown>>;

/** The certificates on all tokens of the modules that run. What cannot be read is told beside the others. */
export const tokenCertificates = async (modules: ModuleRow[], ask: AskHost): Promise<Looked> => {
  const running = modules.filter(({ state }) => state === "ready");
  const looked = await Promise.all(running.map((module) => ofModule(module, ask)));
  return { found: looked.flatMap(({ found }) => found), sources: looked.flatMap(({ sources }) => sources) };
};

const ofModule = async ({ id, name }: ModuleRow, ask: AskHost): Promise<Looked> => {
  const reply = await ask(id, "tokens.slots", { module: id });
  if (!reply.ok) return { found: [], sources: [sourceOf(name, 0, [reply.error])] };
  const { slots } = reply.value as Output<"tokens.slots">;
  const looked: Looked = { found: [], sources: [] };
  for (const { token } of slots) {
    if (!token?.initialised) continue;
    const { found, error } = await ofToken(id, token.ref, ask);
    looked.found.push(...found);
    looked.sources.push(
      sourceOf(`${name}, ${token.ref.label || token.ref.serial}`, found.length, error ? [error] : []),
    );
  }
  return looked;
};

const ofToken = async (
  module: string,
  token: TokenRef,
  ask: AskHost,
): Promise<{ found: Found[]; error: ErrorData | null }> => {
  const reply = await ask(module, "objects.list", { module, token });
  if (!reply.ok) return { found: [], error: reply.error };
  const { rows } = reply.value as Output<"objects.list">;
  const found = rows.flatMap((row): Found[] => {
    if (row.class !== "certificate" || row.serialNumber === null) return [];
    const { handle, label, id, serialNumber, notBefore, notAfter } = row;
    const object = { handle, class: row.class, label, id };
    return [
      {
        subject: row.subject ?? "",
        issuer: row.issuer ?? "",
        serialNumber,
        notBefore,
        notAfter,
        place: { kind: "token", module, token, object },
      },
    ];
  });
  return { found, error: null };
};

const sourceOf = (name: string, certificates: number, problems: ErrorData[]): ExpirySource => ({
  kind: "token",
  name,
  certificates,
  problems,
});
