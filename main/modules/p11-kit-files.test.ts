import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enabledFor, type ModuleFile, mergeModules, p11KitPlaces, parseFields, readP11Kit } from "./p11-kit-files.ts";

const file = (fileName: string, text: string, system = true): ModuleFile => ({
  folder: system ? "/etc/pkcs11/modules" : "/home/ada/.config/pkcs11/modules",
  fileName,
  text,
  system,
});

test("lines are name and value; comments stand on lines of their own", () => {
  expect([
    ...parseFields(
      "# a: comment\n\n module:  a.so \r\nx-custom : te#xt: with colon\nnonsense\n remote: |ssh h p11-kit remote m.so\n",
    ),
  ]).toEqual([
    ["module", "a.so"],
    ["x-custom", "te#xt: with colon"],
    ["remote", "|ssh h p11-kit remote m.so"],
  ]);
});

describe("several files of one name", () => {
  test("the user's values win, the rest comes from the system's", () => {
    const [module, ...more] = mergeModules([
      file("a.module", "priority: 5\n", false),
      file("a.module", "module: /usr/lib/a.so\npriority: 1\ndisable-in: firefox, thunderbird-bin\n"),
    ]);
    expect(more).toEqual([]);
    expect(module).toMatchObject({
      name: "a",
      module: "/usr/lib/a.so",
      disableIn: ["firefox", "thunderbird-bin"],
      system: true,
      file: "/home/ada/.config/pkcs11/modules/a.module",
    });
  });

  test("an empty `module:` of the user switches the module off", () => {
    const [module] = mergeModules([file("a.module", "module:\n", false), file("a.module", "module: a.so\n")]);
    expect(module?.module).toBeNull();
  });

  test("a library that only the user's file names is not the system's choice", () => {
    const [module] = mergeModules([
      file("a.module", "module: /tmp/mine.so\n", false),
      file("a.module", "module: a.so\n"),
    ]);
    expect(module).toMatchObject({ module: "/tmp/mine.so", system: false });
  });
});

test("enable-in and disable-in name programs", () => {
  const [only, not, any] = mergeModules([
    file("1.module", "module: a.so\nenable-in: ssh p11-kit-proxy"),
    file("2.module", "module: a.so\ndisable-in: tokenglass"),
    file("3.module", "module: a.so"),
  ]);
  const enabled = [only, not, any].map((module) => module && enabledFor(module, "tokenglass"));
  expect(enabled).toEqual([false, false, true]);
  expect(only && enabledFor(only, "ssh")).toBe(true);
});

describe("on disk", () => {
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "tokenglass-p11kit-"));
    for (const folder of ["user/pkcs11/modules", "etc", "share"]) await mkdir(join(place, folder), { recursive: true });
    await writeFile(join(place, "user/pkcs11/modules/mine.module"), "module: /opt/mine.so\n");
    await writeFile(join(place, "etc/far.module"), "remote: |ssh hsm p11-kit remote /usr/lib/a.so\n");
    await writeFile(join(place, "share/vendor.module"), "module: vendor.so\n");
    await writeFile(join(place, "share/vendor.module.bak"), "module: old.so\n");
    await writeFile(join(place, "share/.hidden.module"), "module: hidden.so\n");
  });
  afterAll(() => rm(place, { recursive: true }));

  const places = () => ({
    ...p11KitPlaces("/nowhere", { XDG_CONFIG_HOME: join(place, "user") }),
    systemModules: [join(place, "etc"), join(place, "share"), join(place, "absent")],
    systemConfig: join(place, "pkcs11.conf"),
  });

  test("files ending in .module of all folders are read, others are not", async () => {
    const modules = await readP11Kit(places());
    expect(modules.map(({ name }) => name)).toEqual(["mine", "far", "vendor"]);
    expect(modules[1]).toMatchObject({ module: null, remote: "|ssh hsm p11-kit remote /usr/lib/a.so" });
  });

  test.each([
    ["none", ["far", "vendor"]],
    ["only", ["mine"]],
  ])("user-config: %s", async (mode, names) => {
    await writeFile(join(place, "pkcs11.conf"), `user-config: ${mode}\n`);
    const modules = await readP11Kit(places());
    await rm(join(place, "pkcs11.conf"));
    expect(modules.map(({ name }) => name)).toEqual(names);
  });
});
