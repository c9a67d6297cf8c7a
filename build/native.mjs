// Compiles the C libraries under native/ into dist/native/, one shared object each, those whose sources are newer.
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "./native/describe.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const native = join(root, "native");
const output = join(root, "dist/native");
const headers = join(root, "node_modules/pkcs11js/includes/pkcs11");

const warnings = ["-O2", "-std=c11", "-Wall", "-Wextra", "-Werror"];
const flags = ["-shared", "-fPIC", "-fvisibility=hidden", ...warnings];

/** A name that nothing defines is an error when linking, not when it is called. Elsewhere that goes without saying. */
const complete = process.platform === "linux" ? ["-Wl,-z,defs"] : [];

/** What a loadable library's name ends with on this system. */
const extension = process.platform === "win32" ? "dll" : process.platform === "darwin" ? "dylib" : "so";

const generated = join(output, "generated");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * The spy's own: only the names in exports.map are seen, its calls to itself stay in it, and it stays in memory when it is
 * closed, since the module stays too.
 */
const spyLink =
  process.platform === "linux"
    ? [
        ...complete,
        `-Wl,--version-script=${join(native, "spy/exports.map")}`,
        "-Wl,-Bsymbolic",
        "-Wl,-z,nodelete",
        "-ldl",
        "-pthread",
      ]
    : [];

/**
 * A library from the C files of its folders; the headers there count as sources too. `described`: the C files generated
 * from native/description that are compiled with it.
 * @type {{ name: string, file?: string, folders: string[], link?: string[], flags?: string[], described?: string[] }[]}
 */
const libraries = [
  {
    name: "tokenglass-spy",
    file: `tokenglass-spy.${extension}`,
    folders: ["spy"],
    link: spyLink,
    flags: [`-DSPY_VERSION="${version}"`],
    described: ["tables.c", "wrappers.c"],
  },
  { name: "recorder", folders: ["recorder"], link: complete, described: ["tables.c"] },
  { name: "mock", folders: ["mock", "faults"], link: complete },
  { name: "forward", folders: ["forward", "faults"], link: [...complete, "-ldl"] },
  // An add-on of Node's: its functions are there when it is loaded, which only macOS has to be told.
  {
    name: "pin-pad",
    file: "pin-pad.node",
    folders: ["pin-pad"],
    link: process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : ["-ldl"],
  },
];

/** @param {string} folder */
const filesIn = (folder) => readdirSync(join(native, folder)).map((name) => join(native, folder, name));

/** The audit interface is glibc's. */
const linuxOnly = () =>
  process.platform === "linux"
    ? [{ output: join(output, "tokenglass-audit.so"), sources: filesIn("audit"), link: [...complete, "-ldl"] }]
    : [];

/** Every file in native/broken is a library of its own. */
const broken = () =>
  filesIn("broken").map((file) => ({ output: join(output, "broken", `${basename(file, ".c")}.so`), sources: [file] }));

const describers = () =>
  readdirSync(join(root, "build/native"))
    .filter((name) => name.startsWith("describe"))
    .map((name) => join(root, "build/native", name));

/** @typedef {{ output: string, sources: string[], link?: string[] | undefined, flags?: string[] | undefined, described?: string[] | undefined }} Wanted */

/** @returns {Wanted[]} */
const wanted = () => [
  // The spy is written for POSIX systems.
  ...libraries
    .filter(({ name }) => process.platform !== "win32" || name !== "tokenglass-spy")
    .map(({ name, file = `${name}.so`, folders, link, flags, described }) => ({
      output: join(output, file),
      sources: [...folders.flatMap(filesIn), ...(described ? [...filesIn("description"), ...describers()] : [])],
      link,
      flags,
      described,
    })),
  ...linuxOnly(),
  ...broken(),
];

/** @param {string} path @returns {number} 0 if there is no such file */
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const findCompiler = () =>
  ["gcc", "clang", "cc"].find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);

/**
 * Links a library against one that is gone afterwards, to see what a missing dependency looks like.
 * @param {string} compiler
 */
const absentLibrary = (compiler) => {
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-native-"));
  const name = "libtokenglass-absent.so.1";
  writeFileSync(join(folder, "absent.c"), "int tokenglass_absent(void);\nint tokenglass_absent(void) { return 0; }\n");
  compile(compiler, ["-shared", "-fPIC", `-Wl,-soname,${name}`, "-o", join(folder, name), join(folder, "absent.c")]);
  return { link: [join(folder, name)], remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** @param {string} compiler @param {string[]} args */
const compile = (compiler, args) => {
  const { status, stderr } = spawnSync(compiler, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${compiler} failed:\n${stderr}`);
};

/** @param {string} compiler @param {Wanted} library @param {string[]} [more] flags @param {string[]} [first] instead of those of a library */
const build = (compiler, library, more = [], first = flags) => {
  const absent = library.output.endsWith("missing-dependency.so") ? absentLibrary(compiler) : null;
  const files = library.sources.filter((source) => source.endsWith(".c"));
  const added = [...(library.flags ?? []), ...more];
  if (library.described) {
    describe(join(native, "description"), generated);
    files.push(...library.described.map((name) => join(generated, name)));
    added.push("-I", generated, "-I", join(native, "spy"));
  }
  const link = absent?.link ?? library.link ?? [];
  // Renamed into place: two runs may build at once, and a process may have the old one loaded.
  const fresh = `${library.output}.${process.pid}`;
  mkdirSync(dirname(fresh), { recursive: true });
  compile(compiler, [...first, ...added, "-I", headers, "-o", fresh, ...files, ...link]);
  renameSync(fresh, library.output);
  absent?.remove();
};

/**
 * Builds what is out of date.
 * @returns {{ built: string[], upToDate: number }} paths of the libraries that were built now
 * @throws Error if there is no C compiler, or with its words if a source does not compile
 */
export const buildNative = () => {
  const all = wanted();
  const outOfDate = all.filter(({ output, sources }) => !isUpToDate(output, sources));
  const upToDate = all.length - outOfDate.length;
  if (outOfDate.length === 0) return { built: [], upToDate };
  const compiler = needCompiler();
  for (const library of outOfDate) build(compiler, library);
  return { built: outOfDate.map(({ output }) => output), upToDate };
};

/** @param {"address" | "thread" | undefined} sanitize */
const sanitizerFlags = (sanitize) =>
  sanitize
    ? ["-g", `-fsanitize=${sanitize === "address" ? "address,undefined" : sanitize}`, "-fno-sanitize-recover=all"]
    : [];

const needCompiler = () => {
  const compiler = findCompiler();
  if (!compiler) throw new Error("No C compiler (gcc, clang or cc) was found. On Debian or Ubuntu: apt install gcc");
  return compiler;
};

/** @param {string} output @param {string[]} sources */
const isUpToDate = (output, sources) =>
  [...sources, fileURLToPath(import.meta.url)].every((source) => changedAt(source) <= changedAt(output));

/**
 * Builds one of the programs in native/programs, which tests and benchmarks run, if it is out of date.
 * @param {string} name
 * @param {{ sanitize?: "address" | "thread" }} [options]
 * @returns {string} its path
 * @throws Error if it does not compile
 */
export const buildProgram = (name, { sanitize } = {}) => {
  const program = join(output, "programs", sanitize ? `${name}-${sanitize}` : name);
  const source = join(native, "programs", `${name}.c`);
  const sources = ["spy", "description", "recorder"].flatMap(filesIn).concat(source, describers());
  if (isUpToDate(program, sources)) return program;
  const needed = { output: program, sources: [source], link: ["-pthread", "-ldl"], described: ["tables.c"] };
  build(needCompiler(), needed, sanitizerFlags(sanitize), warnings);
  return program;
};

/**
 * Builds a library of native/ a second time, with a sanitizer in it.
 * @param {string} name
 * @param {"address" | "thread"} sanitize
 * @returns {string} its path
 */
export const buildSanitized = (name, sanitize) => {
  const library = wanted().find(({ output: path }) => basename(path).startsWith(`${name}.`));
  if (!library) throw new Error(`There is no library ${name}`);
  const copy = { ...library, output: join(output, sanitize, basename(library.output)), link: ["-ldl", "-pthread"] };
  if (!isUpToDate(copy.output, library.sources)) build(needCompiler(), copy, sanitizerFlags(sanitize));
  return copy.output;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { built, upToDate } = buildNative();
  console.log(`${built.length} native libraries built, ${upToDate} up to date`);
}
