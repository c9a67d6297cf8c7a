import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";

/** A name is copied into configurations that compare it byte by byte: each spelling is that of the program itself. */

const folder = new URL("../fixtures/certificates/", import.meta.url).pathname;
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".pem"))
  .map((name) => `${folder}${name}`);

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const spelling = async (path: string, id: string): Promise<string> => {
  const { items } = await app.call("x509.view", { path });
  return items[0]?.subject?.spellings.find((one) => one.id === id)?.text ?? "";
};

const openssl = (path: string, ...options: string[]): string =>
  execFileSync("openssl", ["x509", "-in", path, "-noout", "-subject", ...options])
    .toString("latin1")
    .replace(/^subject=\s?/, "")
    .replace(/\n$/, "");

test.each([
  ["openssl", []],
  ["opensslRfc2253", ["-nameopt", "RFC2253"]],
  ["opensslOneline", ["-nameopt", "compat"]],
] as const)("%s: every name is spelt as OpenSSL spells it with %s", async (id, options) => {
  for (const path of files) expect(await spelling(path, id), path).toBe(openssl(path, ...options));
});

test("every name is spelt as Java spells it, by toString and by RFC 1779", async () => {
  // Java reads no certificate with an issuer of nobody, nor keys on curves that it does not know.
  const readable = files.filter((path) => path.includes("/name-") && !path.endsWith("name-empty.pem"));
  expect(readable.length).toBeGreaterThan(8);
  const program = new URL("../harness/PrintNames.java", import.meta.url).pathname;
  const lines = execFileSync("java", [program, ...readable], { maxBuffer: 1e7 })
    .toString()
    .split("\n");
  for (const [at, path] of readable.entries()) {
    expect(await spelling(path, "java"), path).toBe(lines[at * 2]);
    expect(await spelling(path, "javaRfc1779"), path).toBe(lines[at * 2 + 1]);
  }
});

test("keytool prints the same owner", async () => {
  const path = `${folder}name-special.pem`;
  const printed = execFileSync("keytool", ["-printcert", "-file", path, "-J-Duser.language=en"]).toString();
  expect(printed).toContain(`Owner: ${await spelling(path, "java")}\n`);
});

test("RACF's names go from the most specific part to the country, joined by periods, nothing escaped", async () => {
  expect(await spelling(`${folder}name-plain.pem`, "racf")).toBe("CN=secp521r.O=cpwebuser.C=GB");
  expect(await spelling(`${folder}name-long.pem`, "racf")).toContain("T=Dr.OU=Sub.OU=Department.O=Example");
  expect(await spelling(`${folder}name-long.pem`, "racf")).toContain("L=Stromness.SP=Orkney.C=GB");
  expect(await spelling(`${folder}name-special.pem`, "racfFilter")).toMatch(
    /^SDNFILTER\('CN=O''Neill\.CN=a\/b=c\..*'\)$/,
  );
});

test("the access-id of z/OS LDAP is the name in upper case", async () => {
  expect(await spelling(`${folder}name-plain.pem`, "ldapAccessId")).toBe("CN=SECP521R,O=CPWEBUSER,C=GB");
});
