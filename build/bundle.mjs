// Bundles the four parts of the app into dist/: main (Node), preload, renderer. One Vite build each.
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const builtin = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/** Loaded from node_modules at run time: native code, Electron itself, and what is only read in one shell. */
const external = [...builtin, "pkcs11js", "electron"];

/** @returns {import("vite").InlineConfig} */
const common = () => ({ root, configFile: false, logLevel: "warn", publicDir: false });

/** Node code: one file an entry, with shared chunks. */
const bundleMain = () =>
  build({
    ...common(),
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: join(root, "dist/main"),
      emptyOutDir: true,
      target: "node20",
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: {
          host: join(root, "main/host/entry.ts"),
          "trace-worker": join(root, "main/trace/worker/entry.ts"),
          browser: join(root, "main/shells/browser.ts"),
          electron: join(root, "main/shells/electron.ts"),
          cli: join(root, "main/cli/cli.ts"),
          demo: join(root, "main/demo/demo.ts"),
          // For scripts that drive the app without a window: benchmarks, fuzzing.
          app: join(root, "main/app.ts"),
          "host-process": join(root, "main/host/process.ts"),
        },
        external,
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js", format: "esm" },
      },
    },
  });

/**
 * Each preload as one self-contained script: the sandboxed Electron preload cannot import anything but electron.
 * @param {string} name @param {"cjs" | "iife"} format @param {boolean} empty
 */
const bundlePreload = (name, format, empty) =>
  build({
    ...common(),
    build: {
      outDir: join(root, "dist/preload"),
      emptyOutDir: empty,
      target: "chrome120",
      lib: {
        entry: join(root, `preload/${name}.ts`),
        formats: [format],
        name: "tokenglassPreload",
        fileName: () => `${name}.${format === "cjs" ? "cjs" : "js"}`,
      },
      rollupOptions: { external: ["electron"] },
    },
  });

const bundleRenderer = async () =>
  build({
    ...common(),
    root: join(root, "renderer"),
    base: "/",
    build: {
      outDir: join(root, "dist/renderer"),
      emptyOutDir: true,
      target: "chrome120",
      sourcemap: false,
      // The page's parts are asked for together. Every browser that the app runs in knows the link; no polyfill.
      modulePreload: { polyfill: false },
      // One style sheet, there before the first screen: screens that come later look right at once.
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      // One window, loaded from disk: one file is right.
      chunkSizeWarningLimit: 2000,
      rollupOptions: {
        onwarn: (warning, warn) => {
          if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
        },
      },
    },
  });

/** Builds everything into dist/. */
export const bundle = async () => {
  await bundleMain();
  await bundlePreload("electron", "cjs", true);
  await bundlePreload("browser", "iife", false);
  await bundleRenderer();
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await bundle();
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exitCode = 1;
  }
}
