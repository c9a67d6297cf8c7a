import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, whatever the working directory. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const dist = join(root, "dist");
/** What the set-up remembers and logs; deleting it means setting up again. */
export const setupFolder = join(dist, ".setup");
