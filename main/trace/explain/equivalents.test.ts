import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { equivalentsOf } from "./equivalents.ts";
import { pastOf } from "./past.ts";

/** What is offered for the last call of a function in a log. */
const offered = (log: string, name: string, module: string | null = "/usr/lib/m.so"): string[] => {
  const view = fixtureView(log);
  const rows = Array.from({ length: view.count }, (_, row) => row).filter(
    (row) => view.names[view.nameAt(row)] === name,
  );
  const row = rows.at(-1) ?? -1;
  return [...view.calls([row])].flatMap((call) => equivalentsOf(call, pastOf(view, row), module));
};

test("a signature is made again with its mechanism and its key, found by what the log tells of it", () => {
  const [line] = offered("opensc-spy/sign-pss-0.23.log", "C_Sign");
  expect(line).toMatch(/^pkcs11-tool --module \/usr\/lib\/m\.so --slot 0x[0-9a-f]+ --login --sign /);
  expect(line).toContain("--mechanism SHA256-RSA-PKCS-PSS");
  expect(line).toContain("--id 01");
});
test("a key pair is made again with its kind, size, number and name", () => {
  expect(offered("opensc-spy/generate-rsa-0.23.log", "C_GenerateKeyPair")[0]).toContain(
    "--keypairgen --key-type rsa:2048 --id 01 --label 'RSA key'",
  );
  expect(offered("opensc-spy/generate-ec-0.23.log", "C_GenerateKeyPair")[0]).toContain("--key-type EC:prime256v1 ");
});
test("where the log does not tell the module, a word stands for it", () =>
  expect(offered("p11-kit/objects-0.24.log", "C_FindObjectsInit", null)[0]).toMatch(/^pkcs11-tool --module MODULE /));
test("calls that no command makes by themselves have none, and no line has a PIN", () => {
  expect(offered("opensc-spy/wrong-pin-0.23.log", "C_Finalize")).toEqual([]);
  expect(offered("opensc-spy/wrong-pin-0.23.log", "C_Login")[0]).toMatch(/--login --list-objects$/);
  expect(JSON.stringify(offered("opensc-spy/change-pin-0.23.log", "C_SetPIN"))).not.toMatch(/canary|--pin|--new-pin/);
});
test("pkcs11-tool knows every option that is offered", () => {
  const help = spawnSync("pkcs11-tool", ["--help"], { encoding: "utf8" });
  const known = new Set(`${help.stdout}${help.stderr}`.match(/--[a-z0-9-]+/g));
  const lines = [
    "list",
    "mechanisms",
    "generate-rsa",
    "generate-aes",
    "change-pin",
    "delete",
    "random",
    "sign-pss",
    "write-data",
  ]
    .map((name) => `opensc-spy/${name}-0.23.log`)
    .flatMap((log) => {
      const view = fixtureView(log);
      return [...view.calls(Array.from({ length: view.count }, (_, row) => row))].flatMap((call) =>
        equivalentsOf(call, pastOf(view, call.row), null),
      );
    });
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.flatMap((line) => line.match(/ --[a-z0-9-]+/g) ?? []).filter((one) => !known.has(one.trim()))).toEqual(
    [],
  );
});
