import { expect, test } from "vitest";
import { checkFile, importsOf } from "./check.mjs";
import { layers } from "./rules.mjs";

const messages = (file: string, text: string) => checkFile(file, text, layers).map(({ message }) => message);

test.each([
  ["renderer/tokens/view.tsx", `import { dispatch } from "../../main/dispatch.ts";`, "main/dispatch.ts"],
  ["renderer/tokens/view.tsx", `import type { Dispatch } from "../../main/dispatch.ts";`, "main/dispatch.ts"],
  ["renderer/main.tsx", `import { readFile } from "node:fs/promises";`, "node:fs/promises"],
  ["renderer/main.tsx", `import { ipcRenderer } from "electron";`, "electron"],
  ["renderer/main.tsx", `import "../preload/browser.ts";`, "preload/browser.ts"],
  ["preload/browser.ts", `import { ipcRenderer } from "electron";`, "electron"],
  ["preload/contract/keys.ts", `import { join } from "node:path";`, "node:path"],
  ["preload/contract/keys.ts", `export { x } from "../browser.ts";`, "preload/browser.ts"],
  ["main/tokens/login.ts", `const { app } = await import("electron");`, "electron"],
  ["main/tokens/login.ts", `import { useState } from "react";`, "react"],
  [
    "main/tokens/login.ts",
    `import { openBrowserWindow } from "../shells/browser-window.ts";`,
    "main/shells/browser-window.ts",
  ],
  ["main/tokens/login.ts", `import { openChannel } from "../host/channel.ts";`, "main/host/channel.ts"],
  ["main/objects/list.ts", `import { Modules } from "../modules/modules.ts";`, "main/modules/modules.ts"],
  ["main/modules/modules.ts", `import * as pkcs11js from "pkcs11js";`, "pkcs11js"],
  ["main/host/supervisor.ts", `import { openApp } from "../app.ts";`, "main/app.ts"],
  ["main/host/entry.ts", `import { Modules } from "../modules/modules.ts";`, "main/modules/modules.ts"],
  ["main/shells/browser.ts", `import { app } from "electron";`, "electron"],
  ["main/shells/browser.ts", `import { slots } from "../tokens/slots.ts";`, "main/tokens/slots.ts"],
  ["main/app.ts", `import { app } from "electron";`, "electron"],
  ["main/app.ts", `import "./shells/electron.ts";`, "main/shells/electron.ts"],
  ["main/keys/load.ts", "const name = 'electron'; await import(name);", "(computed)"],
])("%s may not say %s", (file, text, target) => {
  expect(messages(file, text)).toEqual([expect.stringContaining(target)]);
});

test.each([
  [
    "renderer/tokens/view.tsx",
    `import type { SlotRow } from "../../preload/contract/tokens.ts"; import { useState } from "react";`,
  ],
  [
    "preload/electron.ts",
    `import { contextBridge } from "electron"; import { bridgeName } from "./contract/bridge.ts";`,
  ],
  ["main/tokens/login.ts", `import { Library } from "../pkcs11/library.ts"; import { createHash } from "node:crypto";`],
  ["main/tokens/handlers.ts", `import type { HostContext } from "../host/handlers.ts";`],
  ["main/host/entry.ts", `import { loadError } from "../modules/load-errors.ts";`],
  ["main/shells/electron.ts", `import { app } from "electron"; import { openApp } from "../app.ts";`],
])("%s may say %s", (file, text) => {
  expect(messages(file, text)).toEqual([]);
});

test("a value may not be imported where only a type may", () => {
  const file = "main/tokens/handlers.ts";
  expect(messages(file, `import { type HostContext, run } from "../host/handlers.ts";`)).toHaveLength(1);
  expect(messages(file, `import { type HostContext } from "../host/handlers.ts";`)).toEqual([]);
  expect(messages(file, `export { run } from "../host/handlers.ts";`)).toHaveLength(1);
});

test("a folder that the rules do not know is a violation", () => {
  expect(messages("main/new-domain/file.ts", "export const x = 1;")).toEqual([
    expect.stringContaining("does not know"),
  ]);
});

test("imports are found whichever way they are written, and not in strings or comments", () => {
  const text = `// import "a";\nconst text = 'import "b"';\nimport "c";\nexport * from "d";\nawait import(\`e\`);\n`;
  expect(importsOf("x.ts", text).map(({ specifier, line }) => `${specifier} ${line}`)).toEqual(["c 3", "d 4", "e 5"]);
});
