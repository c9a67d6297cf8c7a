import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { leaksBelow, leaksIn, spellings } from "../harness/leaks.ts";
import { softHsmLibrary } from "../harness/softhsm-writer.ts";
import { openSpyFolder, type SpyFolder, spyPins } from "../harness/spy.ts";

let spied: SpyFolder;
const inFolder = (name: string) => join(spied.folder, name);

/** Unique, and nowhere but in the files that the programs are given. */
const secretKey = randomBytes(32);
const plainText = Buffer.from(`plain text of nobody's business ${randomBytes(8).toString("hex")}`);
const dataObject = Buffer.from(`data object for the token alone ${randomBytes(8).toString("hex")}`);
let privateExponent: Buffer;

beforeAll(() => {
  spied = openSpyFolder(true);
  writeFileSync(inFolder("key"), secretKey);
  writeFileSync(inFolder("plain"), plainText);
  writeFileSync(inFolder("data"), dataObject);
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: spied.folder, stdio: ["ignore", "pipe", "ignore"] });
  openssl("genrsa", "-out", "rsa.pem", "2048");
  openssl("rsa", "-in", "rsa.pem", "-outform", "DER", "-out", "rsa.der");
  openssl(
    "req",
    "-x509",
    "-new",
    "-key",
    "rsa.pem",
    "-subj",
    "/CN=Spied",
    "-outform",
    "DER",
    "-out",
    "certificate.der",
  );
  const text = openssl("rsa", "-in", "rsa.pem", "-text", "-noout").toString();
  const digits = /privateExponent:\s+([0-9a-f:\s]+)prime1/.exec(text)?.[1] ?? "";
  privateExponent = Buffer.from(digits.replaceAll(/[^0-9a-f]/g, ""), "hex").subarray(1, 64);
  expect(privateExponent.length).toBe(63);
});
beforeEach(() => spied.clear());
afterAll(() => spied.remove());

const tool = (args: readonly string[], level = "0", module = spied.spy) =>
  spied.run("pkcs11-tool", ["--module", module, "--token-label", "spied", ...args], { TOKENGLASS_SPY_LEVEL: level });
const login = ["--login", "--pin", spyPins.user];
const between = (from: string, to: string) => ["--input-file", inFolder(from), "--output-file", inFolder(to)];
/** Lines that change from run to run: times, handles, random values, key sizes that took long. */
const comparable = (text: string) => text.replaceAll(/0x[0-9a-f]+|\d+/gi, "#");

test("pkcs11-tool --test ends the same with and without the spy", () => {
  tool([...login, "--keypairgen", "--key-type", "rsa:2048", "--id", "77", "--label", "for the test"]);
  const direct = tool([...login, "--test"], "0", softHsmLibrary);
  const through = tool([...login, "--test"]);
  expect(through.status).toBe(direct.status);
  expect(comparable(through.stdout)).toBe(comparable(direct.stdout));
  expect(comparable(through.stderr)).toBe(comparable(direct.stderr));
  expect(spied.lines().filter(({ s }) => s !== undefined).length).toBeGreaterThan(100);
});

test("a search finds a secret in every form", async () => {
  const folder = inFolder("traces");
  const secret = "a secret to be found";
  const found = async () => (await leaksBelow(folder, { secret })).found.length;
  for (const [index, form] of spellings(Buffer.from(secret)).entries()) {
    writeFileSync(join(folder, "planted"), Buffer.concat([randomBytes(7), form, randomBytes(5)]));
    expect(await found(), `form ${index}`).toBeGreaterThan(0);
  }
  for (const shift of [0, 1, 2]) {
    writeFileSync(
      join(folder, "planted"),
      Buffer.concat([Buffer.alloc(shift, 9), Buffer.from(secret), Buffer.alloc(4, 9)]).toString("base64"),
    );
    expect(await found(), `base64 at ${shift}`).toBeGreaterThan(0);
  }
  rmSync(join(folder, "planted"));
});

for (const level of ["0", "1", "2"])
  test(`at level ${level}, nothing of a PIN, a key or a plain text that pkcs11-tool uses is in any file or stream`, async () => {
    const id = `0${level}`;
    const aes = `1${level}`;
    const streams: string[] = [];
    const use = (args: readonly string[], status = 0) => {
      const ran = tool(args, level);
      expect(ran.status, `${args.join(" ")}\n${ran.stderr}`).toBe(status);
      streams.push(ran.stderr);
    };
    use([
      ...login,
      "--write-object",
      inFolder("key"),
      "--type",
      "secrkey",
      "--key-type",
      "AES:32",
      "--id",
      aes,
      "--label",
      "aes",
    ]);
    use([
      ...login,
      "--write-object",
      inFolder("rsa.der"),
      "--type",
      "privkey",
      "--id",
      id,
      "--label",
      "rsa",
      "--usage-sign",
      "--usage-decrypt",
    ]);
    use([
      ...login,
      "--write-object",
      inFolder("certificate.der"),
      "--type",
      "cert",
      "--id",
      id,
      "--label",
      "certificate",
    ]);
    use([...login, "--write-object", inFolder("data"), "--type", "data", "--label", "data", "--private"]);
    use([...login, "--list-objects"]);
    use([...login, "--read-object", "--type", "data", "--label", "data", "--output-file", inFolder("read")]);
    expect(readFileSync(inFolder("read"))).toEqual(dataObject);
    use([...login, "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", id, ...between("plain", "signature")]);
    use([...login, "--hash", "--mechanism", "SHA256", ...between("plain", "digest")]);
    const byAes = ["--mechanism", "AES-CBC-PAD", "--iv", "000102030405060708090a0b0c0d0e0f", "--id", aes];
    use([...login, "--encrypt", ...byAes, ...between("plain", "cipher")]);
    use([...login, "--decrypt", ...byAes, ...between("cipher", "again")]);
    expect(readFileSync(inFolder("again"))).toEqual(plainText);
    use(["--login", "--pin", `${spyPins.user}-wrong`, "--list-objects"], 1);
    use([...login, "--change-pin", "--new-pin", spyPins.next]);
    use(["--login", "--login-type", "so", "--so-pin", spyPins.so, "--init-pin", "--new-pin", spyPins.user]);

    const secrets = { ...spyPins, secretKey, privateExponent, plainText, dataObject };
    expect((await leaksBelow(spied.traces, secrets)).found).toEqual([]);
    expect(streams.flatMap((stream) => leaksIn(stream, secrets))).toEqual([]);

    const all = JSON.stringify(spied.lines());
    const has = (file: string) => all.includes(readFileSync(inFolder(file)).subarray(0, 200).toString("hex"));
    expect({ signature: has("signature"), certificate: has("certificate.der"), cipherText: has("cipher") }).toEqual({
      signature: level !== "0",
      certificate: level !== "0",
      cipherText: level === "2",
    });
    const functions = new Set(spied.lines().map(({ f }) => f));
    for (const name of ["C_Login", "C_SetPIN", "C_InitPIN", "C_CreateObject", "C_Decrypt"])
      expect(functions).toContain(name);
  });

test("a PIN is told with its length, or without, or as a PIN pad's", () => {
  tool([...login, "--list-objects"]);
  const pin = () => spied.lines().find(({ f }) => f === "C_Login")?.i?.pPin;
  expect(pin()).toEqual({ pin: "redacted", len: spyPins.user.length });
  spied.clear();
  spied.run("pkcs11-tool", ["--module", spied.spy, ...login, "--list-objects"], { TOKENGLASS_SPY_PIN_LENGTH: "no" });
  expect(pin()).toEqual({ pin: "redacted" });
});

test("level 2 ends by itself", () => {
  const args = ["--module", spied.spy, "--token-label", "spied", ...login, "--list-objects"];
  spied.run("pkcs11-tool", args, { TOKENGLASS_SPY_LEVEL: "2", TOKENGLASS_SPY_UNTIL: "1" });
  const notes = spied.lines().filter(({ k }) => k === "note");
  expect(notes.map(({ text }) => text)).toEqual(["The time for level 2 is over; level 1 from here on"]);
});
