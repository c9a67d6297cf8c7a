import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildNative } from "../../build/native.mjs";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { TestApp } from "./app.ts";

const folder = new URL("../../dist/native/", import.meta.url).pathname;
let copies = 0;

/** PINs that native/mock/pins.c knows. */
export const mockPins = { user: "mock-user-pin", so: "mock-so-pin" } as const;

/** Settings of native/mock/mock.h and native/faults/faults.h, in their own grammar. */
export type Settings = Record<string, string | number | readonly string[] | undefined>;

const settingsText = (settings: Settings): string =>
  Object.entries(settings)
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}=${one}`))
    .join(";");

/** Path of a library in dist/native, which is built if need be. */
export const nativeLibrary = (name: string): string => {
  buildNative();
  return join(folder, `${name}.so`);
};

/**
 * Adds a library from dist/native to the app, after building it if need be. It is copied first, since a module is
 * known by its path: so the same library can be there twice with different behaviour.
 */
export const addNative = async (
  test: TestApp,
  name: string,
  settings: Settings = {},
  environment: Record<string, string> = {},
): Promise<ModuleRow> => {
  buildNative();
  const path = join(test.dataFolder, `${name.replaceAll("/", "-")}-${++copies}.so`);
  await copyFile(join(folder, `${name}.so`), path);
  return test.call("modules.add", {
    path,
    sha256: createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
    environment: { ...environment, TOKENGLASS_MOCK: settingsText(settings) },
  });
};

/** Adds the mock module; it must come up. @returns its id */
export const addMock = async (test: TestApp, settings: Settings = {}): Promise<string> => {
  const row = await addNative(test, "mock", settings);
  if (row.state !== "ready") throw new Error(`the mock did not start: ${JSON.stringify(row.error)}`);
  return row.id;
};

/** The token in the module's first slot that has one. */
export const firstToken = async (test: TestApp, module: string) => {
  const { slots } = await test.call("tokens.slots", { module });
  const token = slots.find((slot) => slot.token)?.token;
  if (!token) throw new Error("the module shows no token");
  return token;
};
