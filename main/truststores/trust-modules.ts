import type { Anchor } from "../../preload/contract/certificate-anchors.ts";
import { askOnce } from "../modules/ask-once.ts";
import { fileFacts } from "../modules/inspect.ts";
import type { Modules } from "../modules/modules.ts";
import { failure } from "../pkcs11/failure.ts";

/** Modules that keep trust: p11-kit's, and NSS's own. */
export type TrustModule = "p11Kit" | "nss";

const libraries: Record<TrustModule, RegExp> = { p11Kit: /p11-kit-trust\.\w+$/, nss: /softokn3\.\w+$/ };
const titles: Record<TrustModule, string> = { p11Kit: "p11-kit's trust module", nss: "NSS's softokn" };

/** Asks such a module what it sees; each time in a token host of its own, which ends with the answer. */
export interface TrustModules {
  /** Path of its library, null if it is not installed here. */
  find(module: TrustModule): Promise<string | null>;
  /**
   * @param parameters LibraryParameters for C_Initialize, which name the store
   * @throws Failure of the module, MODULE_NOT_FOUND
   */
  anchors(module: TrustModule, parameters: string): Promise<Anchor[]>;
}

export const trustModules = (modules: Modules): TrustModules => {
  /** Only what needs no consent: the system's own library, from a path that the app knows. */
  const fit = async (path: string): Promise<boolean> => {
    const facts = await fileFacts(path).catch(() => null);
    return facts !== null && (await modules.consent(facts)) === "given";
  };
  const find = async (module: TrustModule): Promise<string | null> => {
    for (const { path } of modules.known.paths) if (libraries[module].test(path) && (await fit(path))) return path;
    return null;
  };
  return {
    find,
    anchors: async (module, parameters) => {
      const path = await find(module);
      if (path === null)
        throw failure("MODULE_NOT_FOUND", {
          where: titles[module],
          message: `${titles[module]} is not installed here.`,
          remedy: module === "nss" ? "Install NSS (libnss3)." : "Install p11-kit-modules.",
        });
      const { anchors } = await askOnce(modules.fork, { path, initString: parameters }, "certificates.anchors", {
        module: path,
      });
      return anchors;
    },
  };
};

/** A value in single quotes for library parameters, as NSS and p11-kit read them: a backslash escapes. */
export const quotedParameter = (value: string): string => `'${value.replace(/[\\']/g, "\\$&")}'`;
