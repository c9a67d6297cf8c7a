import type { ErrorCode, ErrorData } from "../../preload/contract/errors.ts";
import { machineHere } from "./binary-header.ts";

/** What a loader's text means: the first rule whose pattern fits. */
interface Rule {
  pattern: RegExp;
  code: ErrorCode;
  /** @param named what the pattern's first group found, e.g. a library or symbol; "" if nothing */
  message(named: string, path: string): string;
  remedy(named: string, path: string): string;
}

const reinstall = "Install the library again, from its vendor or the distribution's package.";
const rightMachine = () =>
  `Install the vendor's build for ${machineHere()} (on Debian and Ubuntu the package without an architecture suffix such as :i386).`;
const findPackage = (library: string): string =>
  library
    ? `Install the package that has ${library}: \`apt-file search ${library}\` on Debian and Ubuntu, \`dnf provides '*/${library}'\` on Fedora, the vendor's installer elsewhere. Then start the module again.`
    : "Install what the library's vendor lists as required, then start the module again.";

/**
 * Texts of glibc's and musl's dlopen, macOS' dyld and pkcs11js' "Win32 error N" (GetLastError after LoadLibrary).
 * Order matters: the particular before the general.
 */
const rules: Rule[] = [
  {
    pattern:
      /(?:undefined symbol|symbol not found)[^\n]*C_GetFunctionList|dlsym\([^)]*C_GetFunctionList\)|Win32 error 127\b/i,
    code: "MODULE_NOT_PKCS11",
    message: () => "The library has no function C_GetFunctionList, so it is not a PKCS#11 module.",
    remedy: () => "Choose the vendor's PKCS#11 module; its name often contains pkcs11. Other libraries cannot be used.",
  },
  {
    // macOS names what it tried, and what is wrong with each.
    pattern: /Library not loaded: (?:@\w+\/)?([^\s]+)/,
    code: "MODULE_MISSING_DEPENDENCY",
    message: (name) => `The library needs ${name}, which is not on this machine or cannot be loaded.`,
    remedy: (name) => findPackage(baseName(name)),
  },
  {
    pattern: /Team IDs?|code signature|library validation|not valid for use in process/i,
    code: "MODULE_LOAD_FAILED",
    message: () => "macOS refused the library because of its code signature (library validation).",
    remedy: () =>
      "Use a build of Tokenglass whose token host has the entitlement com.apple.security.cs.disable-library-validation, or a library that its vendor has signed and notarised.",
  },
  {
    pattern: /incompatible architecture \(have '([^']+)'/,
    code: "MODULE_WRONG_ARCHITECTURE",
    message: (name) => `The library is for ${name}; this app runs as ${machineHere()}.`,
    remedy: rightMachine,
  },
  {
    pattern:
      /wrong ELF class: (ELFCLASS\d+)|Win32 error (?:193|216)\b|data encoding not|mach-o, but wrong architecture|Exec format error/,
    code: "MODULE_WRONG_ARCHITECTURE",
    message: (name) =>
      `The library${name ? ` is ${name === "ELFCLASS32" ? "32-bit" : "64-bit"} and` : ""} does not fit this app, which runs as ${machineHere()}.`,
    remedy: rightMachine,
  },
  {
    pattern: /version [`'"]((?:GLIBC|GLIBCXX|CXXABI|GCC)_[\w.]+)['"`] not found/,
    code: "MODULE_LOAD_FAILED",
    message: (name) =>
      `The library was built for a newer system: it needs ${name}, which this system's libraries do not have.`,
    remedy: () => "Install the vendor's build for this release of the system, or use it on a newer one.",
  },
  {
    pattern: /version [`'"]([^'"`]+)['"`] not found/,
    code: "MODULE_MISSING_DEPENDENCY",
    message: (name) =>
      `The library needs version ${name} of another library; the one that is installed does not have it.`,
    remedy: () => "Install the versions that the library's vendor lists as required, then start the module again.",
  },
  {
    pattern: /cannot dynamically load (?:position-independent )?executable|only ET_DYN and ET_EXEC can be loaded/,
    code: "MODULE_NOT_A_LIBRARY",
    message: () => "The file is a program or object file, not a library.",
    remedy: () => "Choose the PKCS#11 library itself (.so, .dylib or .dll).",
  },
  {
    pattern:
      /invalid ELF header|file too short|cannot read file data|not a mach-o file|slice is not valid mach-o|object file has no loadable segments|Not a valid dynamic program/i,
    code: "MODULE_NOT_A_LIBRARY",
    message: () => "The file, or one that it needs, is not a library: its header is missing, damaged or cut short.",
    remedy: () => reinstall,
  },
  {
    pattern: /cannot enable executable stack|failed to map segment|cannot apply additional memory protection/,
    code: "MODULE_LOAD_FAILED",
    message: () =>
      "The system refused to run the library's code (a noexec file system, SELinux or another protection).",
    remedy: () => "Install it outside of file systems that are mounted noexec, and look into the system's audit log.",
  },
  {
    pattern: /Permission denied|Operation not permitted|Win32 error 5\b/,
    code: "MODULE_LOAD_FAILED",
    message: () => "The library, or one that it needs, may not be read by this user.",
    remedy: (_, path) => `Give your user the right to read it: \`ls -l ${path}\` shows who may.`,
  },
  {
    pattern: /Win32 error (?:577|1260|4551)\b/,
    code: "MODULE_LOAD_FAILED",
    message: () => "Windows refused the library because of its signature or a policy (WDAC, AppLocker).",
    remedy: () => "Use a library that its vendor has signed, or ask who runs this machine to allow it.",
  },
  {
    pattern: /Win32 error 1114\b/,
    code: "MODULE_LOAD_FAILED",
    message: () => "The library's own start-up code (DllMain) reported a failure.",
    remedy: () => "Check that the vendor's service and drivers run, then start the module again.",
  },
  {
    pattern: /Win32 error 126\b/,
    code: "MODULE_MISSING_DEPENDENCY",
    message: () => "A DLL that the library needs is not on this machine. Windows does not say which.",
    remedy: () =>
      "Install the Visual C++ runtime and what the vendor lists as required; the program Dependencies shows which DLL is missing.",
  },
  {
    // musl
    pattern: /Error loading shared library ([^\s:]+): No such file[^\n]*\(needed by/,
    code: "MODULE_MISSING_DEPENDENCY",
    message: (name) => `The library needs ${name}, which is not on this machine.`,
    remedy: findPackage,
  },
  {
    pattern:
      /undefined symbol: ([^\s,;]+)|Error relocating [^:]+: (\S+): symbol not found|[Ss]ymbol not found[^']*'([^']+)'/,
    code: "MODULE_MISSING_DEPENDENCY",
    message: (name) =>
      `The library needs the symbol ${name}, which no library that it is linked with has: one is missing or too old.`,
    remedy: () => "Install the versions that the library's vendor lists as required, then start the module again.",
  },
];

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * What went wrong when a library was loaded, from the text of the dynamic loader.
 * @param path the library
 * @param thrown what pkcs11js' `load` threw
 * @returns null if it does not come from loading (a return value of the module, or a bug)
 */
export const loadError = (path: string, thrown: unknown): ErrorData | null => {
  if (!(thrown instanceof Error) || thrown instanceof TypeError || thrown instanceof RangeError) return null;
  if (thrown.name === "Pkcs11Error" || /^CKR_/.test(thrown.message)) return null;
  const text = thrown.message;
  const details = { loader: text };
  const absent = notThere(path, text);
  if (absent) return { ...absent, where: path, details: { ...details, ...absent.details } };
  for (const { pattern, code, message, remedy } of rules) {
    const found = pattern.exec(text);
    if (!found) continue;
    const named = found.slice(1).find((group) => group !== undefined) ?? "";
    return {
      code,
      where: path,
      message: message(named, path),
      remedy: remedy(named, path),
      details: code === "MODULE_MISSING_DEPENDENCY" && named ? { ...details, missing: named } : details,
    };
  }
  return {
    code: "MODULE_LOAD_FAILED",
    where: path,
    message: `The library could not be loaded: ${text}`,
    remedy: reinstall,
    details,
  };
};

/** glibc and dyld use one text for the library itself and for one that it needs; the name in front tells which. */
const notThere = (path: string, text: string): Omit<ErrorData, "where"> | null => {
  const glibc = /^(.+?): cannot open shared object file: No such file or directory/.exec(text)?.[1];
  if (glibc !== undefined && glibc !== path)
    return {
      code: "MODULE_MISSING_DEPENDENCY",
      message: `The library needs ${glibc}, which is not on this machine.`,
      remedy: findPackage(baseName(glibc)),
      details: { missing: glibc },
    };
  const dyld = /^dlopen\(/.test(text) && /\(no such file\)/.test(text) && !/Library not loaded|mach-o file/.test(text);
  const musl = text.startsWith(`Error loading shared library ${path}: No such file`) && !text.includes("needed by");
  if (glibc === path || dyld || musl) return fileNotFound();
  return null;
};

/** The reason and remedy for a path at which nothing is. */
export const fileNotFound = (): Omit<ErrorData, "where"> => ({
  code: "MODULE_NOT_FOUND",
  message: "There is no file at this path.",
  remedy: "Check the path; `modules.find` lists the PKCS#11 libraries that are on this machine.",
});
