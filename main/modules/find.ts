import { realpath } from "node:fs/promises";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Output } from "../../preload/contract/index.ts";
import type { Candidate, ModuleRow, OwnStore } from "../../preload/contract/modules.ts";
import type { ModuleInfo } from "../host/protocol.ts";
import { toErrorData } from "../pkcs11/failure.ts";
import { softHsmConfiguration } from "../pkcs11/softhsm-configuration.ts";
import { consentError, headerError } from "./consent.ts";
import { fileFacts } from "./inspect.ts";
import type { KnownLibrary } from "./known-libraries.ts";
import { fileNotFound } from "./load-errors.ts";
import type { Modules } from "./modules.ts";
import { enabledFor } from "./p11-kit-files.ts";
import { softHsmStore, softHsmVendor } from "./softhsm-store.ts";
import { tryLoading } from "./try-loading.ts";

/** A place where a library may be, before anybody looked. */
interface Lead {
  path: string;
  vendor: string;
  source: Candidate["source"];
  library: KnownLibrary | null;
  /** Why it is not to be loaded, although it may be there. */
  reason: Pick<Candidate, "loads" | "error"> | null;
  /** Worth a line even where nothing is, since somebody configured it. */
  configured: boolean;
}

interface Wanted {
  probe: boolean;
  absent: boolean;
}

/** How many libraries are loaded at the same time, each in a process of its own. */
const atOnce = 2;

/**
 * Looks for libraries at the table's paths and in p11-kit's files. One that is there, and that may be loaded without
 * asking, is loaded in a short-lived token host. Files that several paths lead to are one candidate.
 * @param onCandidate told each candidate as soon as its outcome is known
 */
export const findModules = async (
  modules: Modules,
  { probe, absent }: Wanted,
  onCandidate: (candidate: Candidate) => void,
): Promise<Output<"modules.find">> => {
  const leads = await leadsOn(modules);
  const present = new Map<string, Lead>();
  const nowhere: Lead[] = [];
  for (const lead of leads) {
    const real = await realpath(lead.path).catch(() => null);
    if (real === null) nowhere.push(lead);
    else if (!present.has(real)) present.set(real, lead);
  }
  const rows = modules.rows();
  const kept = await keptByRealPath(rows);
  const told = (candidate: Candidate): Candidate => {
    onCandidate(candidate);
    return candidate;
  };
  const found = await inTurns([...present], atOnce, async ([real, lead]) =>
    told(await examine(modules, lead, await keptFor(modules, lead, rows, real, kept), probe)),
  );
  const missing = nowhere.filter(({ configured }) => configured || absent).map((lead) => told(absentCandidate(lead)));
  return { candidates: [...found, ...missing], looked: leads.length };
};

const leadsOn = async ({ known }: Modules): Promise<Lead[]> => {
  const table = known.paths.map(
    ({ path, library }): Lead => ({
      path,
      vendor: library.vendor,
      source: "table",
      library,
      reason: null,
      configured: false,
    }),
  );
  const p11Kit = (await known.p11Kit()).map(async (module): Promise<Lead[]> => {
    const named = { vendor: `${module.name} (p11-kit)`, source: "p11-kit", library: null, configured: true } as const;
    if (module.remote !== null)
      return [{ ...named, path: module.file, reason: remoteReason(module.remote, module.file) }];
    const path = await firstPresent(module.paths);
    const reason = enabledFor(module, "tokenglass") ? null : otherProgramsOnly(module.file);
    return path === null ? [] : [{ ...named, path, reason }];
  });
  return [...table, ...(await Promise.all(p11Kit)).flat()];
};

/** @returns the first path at which something is, or else the first; null if there is none at all */
const firstPresent = async (paths: string[]): Promise<string | null> => {
  for (const path of paths) if (await realpath(path).catch(() => null)) return path;
  return paths[0] ?? null;
};

/** Behind symbolic links; as it is written if nothing is there. */
const realPathOf = (path: string): Promise<string> => realpath(path).catch(() => path);

const keptByRealPath = async (rows: ModuleRow[]): Promise<Map<string, ModuleRow>> => {
  const kept = new Map<string, ModuleRow>();
  for (const row of rows) {
    const real = await realPathOf(row.path);
    // One that the user added says more than the demo token, which uses the same SoftHSM.
    if (!kept.has(real) || kept.get(real)?.origin === "embedded") kept.set(real, row);
  }
  return kept;
};

/** What the list already has of a library: the kept module, and for SoftHSM the store beside the demo token's. */
interface Kept {
  row: ModuleRow | null;
  ownStore: OwnStore | null;
}

const keptFor = async (
  modules: Modules,
  { library }: Lead,
  rows: ModuleRow[],
  real: string,
  kept: Map<string, ModuleRow>,
): Promise<Kept> => {
  const demo = library?.vendor === softHsmVendor ? rows.find(({ origin }) => origin === "embedded") : undefined;
  if (!demo || (await realPathOf(demo.path)) !== real) return { row: kept.get(real) ?? null, ownStore: null };
  const { environment, home } = modules.known.machine;
  const store = await softHsmStore(environment, home);
  const own: ModuleRow[] = [];
  for (const row of rows) {
    if (row.origin !== "added" || (await realPathOf(row.path)) !== real) continue;
    const configuration = softHsmConfiguration({ ...environment, ...row.environment }, home);
    if ((configuration?.path ?? null) === store.configuration) own.push(row);
  }
  return { row: demo, ownStore: { ...store, module: own[0]?.id ?? null } };
};

const examine = async (
  modules: Modules,
  lead: Lead,
  { row: kept, ownStore }: Kept,
  probe: boolean,
): Promise<Candidate> => {
  const candidate = { ...blank(lead, kept), ownStore };
  // The file of a remote module is a text file, not a library.
  if (lead.reason?.loads === "no") return { ...candidate, ...lead.reason };
  try {
    const facts = await fileFacts(lead.path);
    const consent = await modules.consent(facts);
    const seen = { ...candidate, inspection: modules.inspectionOf(facts, consent === "given") };
    const unfit = headerError(facts);
    if (unfit) return { ...seen, loads: "no", error: unfit };
    if (kept?.state === "ready") return { ...seen, loads: "yes", description: describe(kept.info) };
    if (lead.reason) return { ...seen, ...lead.reason };
    if (consent !== "given") return { ...seen, error: consentError(facts, consent) };
    if (lead.library?.loadsOthers) return { ...seen, error: loadsOthers(lead.path, lead.library) };
    if (!probe) return seen;
    const reply = await tryLoading(modules.fork, {
      path: lead.path,
      environment: kept?.environment ?? {},
      initString: kept?.initString ?? lead.library?.tryWith ?? null,
    });
    return reply.ok
      ? { ...seen, loads: "yes", description: describe(reply.value) }
      : { ...seen, loads: "no", error: reply.error };
  } catch (thrown) {
    return { ...candidate, loads: "no", error: toErrorData(thrown, lead.path) };
  }
};

const blank = ({ path, vendor, source, library }: Lead, kept: ModuleRow | null): Candidate => ({
  path,
  vendor,
  source,
  present: true,
  module: kept?.id ?? null,
  inspection: null,
  loads: "not tried",
  description: null,
  error: null,
  hint: library?.hint ?? null,
  ownStore: null,
});

const absentCandidate = (lead: Lead): Candidate => ({
  ...blank(lead, null),
  present: false,
  ...(lead.configured && { loads: "no", error: { where: lead.path, ...fileNotFound() } }),
});

const describe = (info: ModuleInfo | null): string | null =>
  info && [info.description || info.manufacturer, info.libraryVersion].filter((part) => part !== "").join(" ");

const remoteReason = (command: string, file: string): Pick<Candidate, "loads" | "error"> => ({
  loads: "no",
  error: {
    code: "MODULE_LOAD_FAILED",
    where: file,
    message: `This is a remote module (${command}); there is no library on this machine that could be loaded.`,
    remedy: "Add p11-kit-proxy.so, which starts the command and shows the remote tokens.",
  },
});

const otherProgramsOnly = (file: string): Pick<Candidate, "loads" | "error"> => ({
  loads: "not tried",
  error: {
    code: "REFUSED",
    where: file,
    message: "p11-kit's file allows this module for other programs only (enable-in or disable-in).",
    remedy: "Add it by its path if you want to use it here.",
  },
});

const loadsOthers = (path: string, { hint }: KnownLibrary): ErrorData => ({
  code: "REFUSED",
  where: path,
  message: "This library loads further modules into its process, so it is not loaded just to see whether it works.",
  remedy: `Add it if you want to use it. ${hint ?? ""}`.trimEnd(),
});

/** Does work on each item, some at the same time. @returns the outcomes in the order of the items */
const inTurns = async <T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> => {
  const outcomes: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [n, item] of left) outcomes[n] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return outcomes;
};
