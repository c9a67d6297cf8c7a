import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { firstToken } from "../harness/native.ts";

/** A store of public certificates: CKF_LOGIN_REQUIRED is not set, and C_GetTokenInfo gives PIN lengths of 0. */
const trust = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so";

describe.runIf(existsSync(trust))("a token that needs no login", () => {
  let app: TestApp;
  let module: string;
  let row: TokenRow;
  beforeAll(async () => {
    app = await openTestApp();
    const sha256 = createHash("sha256")
      .update(await readFile(trust))
      .digest("hex");
    module = (await app.call("modules.add", { path: trust, sha256 })).id;
    row = await firstToken(app, module);
  });
  afterAll(() => app.close());

  test("says so, and has no PIN that is set, missing or asked for", async () => {
    expect(row).toMatchObject({ loginRequired: false, userPin: { state: "none" }, soPin: { state: "none" } });
    expect(row.userPin.words).toContain("needs no login");
    for (const who of ["user", "so"] as const)
      expect(await app.call("tokens.pinPrompt", { module, token: row.ref, who })).toMatchObject({
        state: { state: "none" },
        mayTry: false,
        confirmation: null,
      });
  });

  test("refuses every use of a PIN before the module is asked", async () => {
    const at = { module, token: row.ref };
    const pin = "no-such-pin";
    const refused = { code: "REFUSED", message: expect.stringContaining("needs no login") };
    expect(await app.fails("tokens.login", { ...at, who: "user", pin })).toMatchObject(refused);
    expect(await app.fails("tokens.login", { ...at, who: "so", pin: null })).toMatchObject(refused);
    expect(await app.fails("tokens.setUserPin", { ...at, soPin: pin, newPin: pin })).toMatchObject(refused);
    const change = { ...at, who: "user" as const, oldPin: pin, newPin: pin };
    expect(await app.fails("tokens.changePin", change)).toMatchObject(refused);
  });
});
