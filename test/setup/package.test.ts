import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, Platform } from "electron-builder";
import { afterAll, beforeAll, expect, test } from "vitest";
import config from "../../build/electron-builder.config.mjs";

/** A packed app with an empty file in Electron's place: what is packed is the same, and nothing is downloaded. */
let folder = "";
let resources = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenglass-package-"));
  const electronDist = join(folder, "electron");
  await mkdir(join(electronDist, "resources"), { recursive: true });
  await writeFile(join(electronDist, "electron"), "");
  await chmod(join(electronDist, "electron"), 0o755);
  await build({
    targets: Platform.LINUX.createTarget("dir"),
    projectDir: new URL("../..", import.meta.url).pathname,
    publish: "never",
    // Fuses are bits in the real binary.
    config: { ...config, electronDist, electronFuses: null, directories: { ...config.directories, output: folder } },
  });
  const unpacked = (await readdir(folder)).find((name) => name.endsWith("unpacked"));
  resources = join(folder, String(unpacked), "resources");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const require = createRequire(import.meta.url);
const inArchive = (): string[] => {
  const { listPackage } = createRequire(require.resolve("app-builder-lib"))("@electron/asar");
  return listPackage(join(resources, "app.asar"), { isPack: false }).map((path: string) => path.replaceAll("\\", "/"));
};

test("the archive has the bundles and the binding, and nothing else of node_modules", () => {
  const files = inArchive();
  for (const file of ["main/electron.js", "main/host.js", "preload/electron.cjs", "renderer/index.html"])
    expect(files).toContain(`/dist/${file}`);
  const packages = files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(file)?.[1] ?? []);
  expect(packages.filter((name) => !name.startsWith("@"))).toEqual(["pkcs11js"]);
});

test("no source, source map, test or module for tests is packed", () => {
  expect(
    inArchive().filter((file) =>
      /\.(map|c|cpp|h|ts|tsx|gypi?|o)$|\/(test|build\/setup)\/|^\/dist\/native\/.*(?<!pin-pad\.node|tokenglass-spy\.so|tokenglass-audit\.so)$/.test(
        file,
      ),
    ),
  ).toEqual([]);
});

test("what is native, and that alone, lies outside the archive, where the system can load it", async () => {
  const outside = await readdir(join(resources, "app.asar.unpacked"), { recursive: true });
  expect(outside.filter((file) => /\.[^/]+$/.test(file)).sort()).toEqual([
    "dist/native/pin-pad.node",
    "node_modules/pkcs11js/build/Release/pkcs11.node",
  ]);
});
