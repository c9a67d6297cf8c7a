import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { commandLine } from "../../commands/shell-words.ts";
import { sha256 } from "../store-format.ts";
import { quotedParameter } from "../trust-modules.ts";
import type { ProgramReader } from "./reader.ts";

/**
 * p11-kit's trust module, which `trust list` and GnuTLS ask, on this folder instead of the system's. The program itself
 * has no word for another folder, and for root no configuration of one.
 */
export const trust: ProgramReader = {
  reader: "trust",
  title: "p11-kit's trust module",
  program: { module: "p11Kit" },
  version: null,
  // "p11-kit:" makes GnuTLS hand the words on to the module; the folder's own name has to be "anchors".
  command: ({ path }) =>
    commandLine([
      ...["p11tool", "--provider=p11-kit-trust.so", `--provider-opts=p11-kit: paths=${dirname(path)}`],
      "--list-all-certs",
    ]),
  async read({ path, scratch, modules }) {
    // What is in a folder "anchors" is trusted; beside it, it would be known only.
    const anchors = join(scratch, "trust", "anchors");
    await mkdir(anchors, { recursive: true });
    const files = (await readdir(path, { withFileTypes: true })).filter((one) => !one.isDirectory());
    for (const { name } of files) await copyFile(join(path, name), join(anchors, name));
    const seen = await modules.anchors("p11Kit", `paths=${quotedParameter(join(scratch, "trust"))}`);
    return seen.map(({ label, content, trusted }) => ({
      alias: label,
      sha256: sha256(Buffer.from(content, "base64")),
      trusted,
      words: trusted ? "anchor" : "not an anchor",
    }));
  },
};
