import { z } from "zod";
import { type Domain, event, request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { moduleId, version } from "./shared.ts";

/** What the file's own header says of a library, read without loading it. */
export const binaryFormat = z.object({
  format: z.enum(["ELF", "Mach-O", "PE", "unknown"]),
  /** Machine names as people write them: x86-64, i386, arm64 ...; several for a universal Mach-O. */
  architectures: z.array(z.string()),
  /** A program (or an object file) cannot be loaded, whatever its machine. */
  kind: z.enum(["library", "program", "other"]),
  /** Whether this process could load it, by format and machine. */
  fitsHere: z.boolean(),
});

/** What a person needs to decide whether to run a library's code. */
export const inspection = z.object({
  path: z.string(),
  /** Where symbolic links lead. */
  realPath: z.string(),
  size: z.number().int(),
  sha256: z.string().length(64),
  owner: z.string(),
  mode: z.string().meta({ title: "Permissions, as in ls -l" }),
  /** True if somebody other than root and the user who runs the app may change it, or replace it through a folder above. */
  othersMayWrite: z.boolean(),
  /** Which file or folder that is, and who may. */
  othersMayWriteWhat: z.string().nullable(),
  binary: binaryFormat,
  /** A vendor or product name if the path is in the table of known libraries. */
  knownAs: z.string().nullable(),
  /**
   * True if its code may be run without asking: approved before with this SHA-256, or a known system library (one
   * that only root can change, at a path that the table of known libraries or p11-kit's system configuration names).
   */
  approved: z.boolean(),
});
export type Inspection = z.infer<typeof inspection>;

export const moduleState = z.enum(["stopped", "starting", "ready", "failed"]);

export const moduleRow = z.object({
  id: moduleId,
  name: z.string(),
  path: z.string(),
  /** embedded: the app's own SoftHSM; added: by the user. */
  origin: z.enum(["embedded", "added"]),
  state: moduleState,
  error: errorData.nullable(),
  info: z
    .object({
      cryptokiVersion: version,
      manufacturer: z.string(),
      description: z.string(),
      libraryVersion: version,
    })
    .nullable(),
  /** Process id of its token host while it runs. */
  pid: z.number().int().nullable(),
  /** Environment that only its token host gets, e.g. SOFTHSM2_CONF. */
  environment: z.record(z.string(), z.string()),
  /** Library parameters for C_Initialize (NSS softokn). */
  initString: z.string().nullable(),
});
export type ModuleRow = z.infer<typeof moduleRow>;

/** The user's own SoftHSM store: the same library as the demo token's, with the user's or the system's configuration. */
export const ownStore = z.object({
  /** The softhsm2.conf that counts; null if none was found where SoftHSM looks. */
  configuration: z.string().nullable(),
  tokenFolder: z.string().nullable(),
  /** Tokens in the folder; null if it cannot be read. */
  tokens: z.number().int().nullable(),
  /** Why SoftHSM cannot use it. */
  error: errorData.nullable(),
  /** Id under which it is kept already, if it is. */
  module: moduleId.nullable(),
});
export type OwnStore = z.infer<typeof ownStore>;

export const candidate = z.object({
  path: z.string(),
  vendor: z.string(),
  source: z.enum(["table", "p11-kit"]),
  present: z.boolean(),
  /** Id under which it is kept already, if it is. */
  module: moduleId.nullable(),
  inspection: inspection.nullable(),
  /** Outcome of loading it in a process of its own; "not tried" when it needs approval or was not asked for. */
  loads: z.enum(["yes", "no", "not tried"]),
  description: z.string().nullable(),
  /** Why it does not load, or was not tried. */
  error: errorData.nullable(),
  /** What this library needs to be useful (an environment variable, library parameters), if that is known. */
  hint: z.string().nullable(),
  /** For SoftHSM, whose library is in the list with the demo token: the other store that it can show. */
  ownStore: ownStore.nullable(),
});
export type Candidate = z.infer<typeof candidate>;

const moduleOnly = z.object({ module: moduleId });

export const modules = {
  requests: {
    list: request({
      summary: "The modules that are kept, with the state of their token hosts.",
      runs: "main",
      input: z.object({}),
      output: z.object({ modules: z.array(moduleRow) }),
    }),
    find: request({
      summary: "Looks for PKCS#11 libraries at the known paths and in p11-kit's module files, and tries which load.",
      runs: "main",
      limitSeconds: 120,
      input: z.object({
        /** Load each present and trusted library in a process of its own to see whether it works. */
        probe: z.boolean().default(true),
        /** Also list known paths where nothing is. */
        absent: z.boolean().default(false),
      }),
      output: z.object({ candidates: z.array(candidate), looked: z.number().int() }),
      progress: candidate,
    }),
    inspect: request({
      summary: "Says what a library file is without running it: size, SHA-256, owner, who may write it, machine.",
      runs: "main",
      input: z.object({ path: z.string().min(1) }),
      output: inspection,
    }),
    browse: request({
      summary: "Folders and libraries in a folder, for choosing a module.",
      runs: "main",
      input: z.object({ folder: z.string() }),
      output: z.object({
        folder: z.string(),
        parent: z.string().nullable(),
        entries: z.array(
          z.object({ name: z.string(), path: z.string(), kind: z.enum(["folder", "library"]), size: z.number() }),
        ),
      }),
    }),
    add: request({
      summary: "Keeps a module and loads it. `sha256` is the consent to run exactly this file's code.",
      runs: "main",
      changes: true,
      limitSeconds: 60,
      input: z.object({
        path: z.string().min(1),
        sha256: z.string().length(64).optional(),
        name: z.string().min(1).max(100).optional(),
        environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
        initString: z.string().min(1).optional(),
      }),
      output: moduleRow,
    }),
    remove: request({
      summary: "Stops a module's token host and forgets the module. The library and the tokens stay as they are.",
      runs: "main",
      changes: true,
      input: moduleOnly,
      output: z.object({}),
    }),
    start: request({
      summary: "Starts a module's token host if it does not run.",
      runs: "main",
      limitSeconds: 60,
      /** `sha256`: consent to a file that has changed since it was approved. */
      input: moduleOnly.extend({ sha256: z.string().length(64).optional() }),
      output: moduleRow,
    }),
    stop: request({
      summary: "Logs out, closes and ends a module's token host.",
      runs: "main",
      input: moduleOnly,
      output: moduleRow,
    }),
    restart: request({
      summary: "Ends a module's token host, whatever it is doing, and starts it again.",
      runs: "main",
      limitSeconds: 60,
      input: moduleOnly,
      output: moduleRow,
    }),
  },
  events: {
    changed: event("The kept modules or a token host's state changed.", z.object({ modules: z.array(moduleRow) })),
  },
} satisfies Domain;
