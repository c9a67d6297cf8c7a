import { execFileSync, spawnSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ViewedItem } from "../../preload/contract/x509.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";

const folder = new URL("../fixtures/certificates/", import.meta.url).pathname;
const certificates = readdirSync(folder).filter((name) => name.endsWith(".pem"));

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const itemsOf = async (name: string, password?: string): Promise<ViewedItem[]> =>
  (await app.call("x509.view", { path: `${folder}${name}`, ...(password ? { password } : {}) })).items;

const only = async (name: string): Promise<ViewedItem> => {
  const [item, ...rest] = await itemsOf(name);
  if (!item || rest.length > 0) throw new Error(`${name} should hold one thing`);
  return item;
};

const openssl = (...args: string[]): string => execFileSync("openssl", args, { cwd: folder }).toString("utf8");

const fingerprint = (item: ViewedItem, name: string) => item.fingerprints.find((one) => one.name === name)?.value;

/** What stands after "name=" in lines of openssl. */
const after = (text: string, name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1] ?? "";

test("serial numbers, dates, fingerprints, pins and signature algorithms are those that OpenSSL reads", async () => {
  for (const name of certificates) {
    const item = await only(name);
    expect(item.problems, name).toEqual([]);
    const wanted = ["-serial", "-dates", "-dateopt", "iso_8601", "-fingerprint", "-sha256", "-pubkey", "-text"];
    const text = openssl("x509", "-in", name, "-noout", ...wanted);
    expect(item.serial?.hex.replaceAll(":", ""), name).toBe(after(text, "serial"));
    expect(item.validity?.notBefore, name).toBe(after(text, "notBefore").replace("Z", " UTC"));
    expect(item.validity?.notAfter, name).toBe(after(text, "notAfter").replace("Z", " UTC"));
    expect(fingerprint(item, "SHA-256"), name).toBe(after(text, "sha256 Fingerprint"));
    const byNode = new X509Certificate(readFileSync(`${folder}${name}`));
    expect(fingerprint(item, "SHA-1"), name).toBe(byNode.fingerprint);
    const spki = Buffer.from(/-----BEGIN PUBLIC KEY-----([^-]+)/.exec(text)?.[1] ?? "", "base64");
    expect(item.publicKey?.spki, name).toBe(spki.toString("base64"));
    const pin = createHash("sha256").update(spki).digest("base64");
    expect(fingerprint(item, "Public key pin (SPKI SHA-256, base64)"), name).toBe(pin);
    const algorithm = /Signature Algorithm: (\S+)/.exec(text)?.[1] ?? "";
    expect(item.signature?.algorithm.name.toLowerCase(), name).toBe(algorithm.toLowerCase());
    // Every fixture but the leaf is signed with its own key.
    if (name !== "leaf.pem") expect(item.signature?.check, name).toEqual({ by: "its own key", good: true, why: null });
  }
});

test("the parameters of RSASSA-PSS are told, defaults and odd ones", async () => {
  const parameters = async (name: string) =>
    (await only(name)).signature?.algorithm.parameters.map(({ name: word, value }) => `${word} ${value}`);
  expect(await parameters("pss-sha256.pem")).toEqual(["Hash sha256", "Mask MGF1 with sha256", "Salt 32 bytes"]);
  expect(await parameters("pss-mixed.pem")).toEqual(["Hash sha512", "Mask MGF1 with sha256", "Salt 11 bytes"]);
});

test("every extension of RFC 5280 and those of vendors are in words; unknown ones have their bytes", async () => {
  const { extensions } = await only("extensions.pem");
  const said = Object.fromEntries(extensions.map(({ oid, name, lines }) => [name ?? oid, lines]));
  expect(extensions.filter(({ problem }) => problem)).toEqual([]);
  expect(said).toMatchObject({
    basicConstraints: ["CA: yes", "At most 3 CA certificates below it"],
    policyConstraints: [
      "An explicit policy is required after 3 further certificates",
      "Policy mapping is not allowed after 1 further certificate",
    ],
    nameConstraints: [
      "Permitted: DNS example.com",
      "Permitted: IP 192.168.0.0/16",
      "Excluded: email .bad.example",
      "Excluded: directory name O=Dir\\, Ltd,C=GB",
    ],
    subjectAltName: [
      "DNS www.example.com",
      "DNS *.example.com",
      "IP 192.0.2.1",
      "IP 2001:db8::1",
      "email ada@example.com",
      "URI https://example.com/",
      "registered ID 1.2.3.4",
      "directory name O=Dir\\, Ltd,C=GB",
      "UPN ada@corp.example",
      "SRV name _ldap.example.com",
      "other name 1.2.3.4 other",
    ],
    certificatePolicies: [
      "1.2.3.4",
      "anyPolicy (2.5.29.32.0)",
      "1.3.6.1.4.1.99999.2",
      "  Statement: http://cps.example/",
      "  Notice: Example no. 1, 2; Hear, hear",
    ],
    cRLDistributionPoints: expect.arrayContaining([
      "URI http://crl.example/all.crl",
      "for the reasons keyCompromise, cACompromise",
      "CRL issuer directory name O=Dir\\, Ltd,C=GB",
    ]),
    authorityInfoAccess: [
      "ocsp (1.3.6.1.5.5.7.48.1): URI http://ocsp.example/",
      "caIssuers (1.3.6.1.5.5.7.48.2): URI http://ca.example/ca.cer",
    ],
    tlsFeature: ["status_request (OCSP must-staple)", "status_request_v2"],
    netscapeCertType: ["SSL client, SSL server, S/MIME"],
    netscapeComment: ["a comment"],
    privateKeyUsagePeriod: ["From 2020-01-01", "Until 2030-01-01"],
    enrollCertType: ["SmartcardLogon"],
    certificateTemplate: ["Template 1.3.6.1.4.1.311.21.8.1.2.3", "Version 100.4"],
    caVersion: ["Certificate 1, key 1"],
    applicationPolicies: ["clientAuth (1.3.6.1.5.5.7.3.2)"],
    "1.3.6.1.4.1.99999.7": ['"unknown one"'],
    "1.3.6.1.4.1.99999.8": [],
  });
  expect(said["signedCertificateTimestampList"]?.[0]).toBe("2 timestamps");
  expect(extensions.find(({ oid }) => oid === "1.3.6.1.4.1.99999.8")?.hex).toBe("deadbeef");
  expect(extensions.find(({ oid }) => oid === "1.3.6.1.4.1.99999.7")?.critical).toBe(true);
  // The subjects of OpenSSL's own listing are all there.
  const printed = openssl("x509", "-in", "extensions.pem", "-noout", "-text");
  expect(printed.match(/^ {12}\S.*:( critical)?\s*$/gm)?.length).toBe(extensions.length);
});

test("what is odd about a certificate is said", async () => {
  expect((await only("negative-serial.pem")).notes.join()).toContain("negative");
  expect((await only("negative-serial.pem")).serial?.decimal).toBe("-18446744073709551619");
  expect((await only("long-serial.pem")).notes.join()).toContain("25 bytes; 20 are allowed");
  expect((await only("v1.pem")).version).toBe("1");
  expect((await only("v1.pem")).notes.join()).toContain("Version 1, without extensions");
  expect((await only("rsa-sha1.pem")).notes.join()).toContain("SHA1");
  expect((await only("key-rsa1024.pem")).notes.join()).toContain("1024 bits");
});

test("a request's own signature is checked as OpenSSL checks it; its attributes and wishes are shown", async () => {
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".csr"))) {
    const item = await only(name);
    const form = name.endsWith(".der.csr") ? ["-inform", "DER"] : [];
    const { stderr } = spawnSync("openssl", ["req", "-in", name, ...form, "-noout", "-verify"], { cwd: folder });
    expect(item.signature?.check?.good, name).toBe(/verify OK/.test(stderr.toString()));
    expect(
      item.extensions.map((one) => one.name),
      name,
    ).toEqual(["subjectAltName", "keyUsage", "extKeyUsage"]);
    expect(item.attributes, name).toContainEqual(
      expect.objectContaining({ name: "unstructuredName", lines: ["a name"] }),
    );
  }
  expect(JSON.stringify(await only("request-rsa.csr"))).not.toContain("fixture challenge");
});

test("a revocation list has the entries and reasons that OpenSSL lists", async () => {
  const { crl, extensions } = await only("list.crl");
  const printed = openssl("crl", "-in", "list.crl", "-noout", "-text");
  const serials = [...printed.matchAll(/Serial Number: (\w+)/g)].map(([, serial]) => serial);
  expect(crl?.entries.map(({ serial }) => serial.replaceAll(":", ""))).toEqual(serials);
  expect(crl?.entries.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(["keyCompromise", "superseded", "certificateHold", "cACompromise"]),
  );
  expect(crl?.entries.at(-1)?.lines).toEqual(["invalidityDate: 2024-12-31 00:00:00 UTC"]);
  expect(extensions.map(({ name }) => name)).toEqual([
    "authorityKeyIdentifier",
    "issuingDistributionPoint",
    "cRLNumber",
  ]);
});

test("containers are opened: PKCS#7 with a list, signed data in BER, PKCS#12 with its password", async () => {
  const all = await itemsOf("all.p7b");
  expect(all.map(({ kind }) => kind)).toEqual(["pkcs7", "certificate", "certificate", "crl"]);
  // The chain and the list hold together.
  expect(all.slice(1).map(({ signature }) => signature?.check?.good)).toEqual([true, true, true]);
  const [container, signer] = await itemsOf("signed.ber.p7m");
  expect(container?.attributes[0]?.lines.join("\n")).toContain("Signer CN=Fixture CA");
  expect(signer?.title).toBe("leaf.example");
  const tree = await app.call("x509.tree", { content: container?.der ?? "" });
  expect(tree.nodes[0]).toMatchObject({ tag: "SEQUENCE", indefinite: true });
  expect(tree.faults).toEqual([]);
  expect((await app.fails("x509.view", { path: `${folder}leaf.p12` })).code).toBe("PASSWORD_NEEDED");
  const wrong = await app.fails("x509.view", { path: `${folder}leaf.p12`, password: "not it" });
  expect(wrong.code).toBe("PASSWORD_WRONG");
  const opened = await itemsOf("leaf.p12", "fixture-password");
  expect(opened.map(({ kind }) => kind).sort()).toEqual(["certificate", "certificate", "privateKey"]);
  expect(opened.find(({ kind }) => kind === "privateKey")).toMatchObject({
    der: null,
    publicKey: { words: "RSA 2048" },
  });
});

test("the elements are those of openssl asn1parse, with offsets and lengths", async () => {
  for (const name of ["extensions.pem", "key-pss.pem", "name-universal.pem", "list.crl", "request-rsa.csr"]) {
    const item = await only(name);
    const { nodes } = await app.call("x509.tree", { content: item.der ?? "" });
    const found = new Set(nodes.map(({ offset, header, length }) => `${offset} ${header} ${length}`));
    const lines = openssl("asn1parse", "-in", name).trim().split("\n");
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const [, offset, header, length] = /^\s*(\d+):d=\s*\d+\s+hl=\s*(\d+) l=\s*(\d+)/.exec(line) ?? [];
      expect(found.has(`${offset} ${header} ${length}`), `${name}: ${line}`).toBe(true);
    }
  }
});

test("pasted base64 and hexadecimal digits are read like the file; what is nothing of the kind is named", async () => {
  const { der } = await only("leaf.pem");
  const bytes = Buffer.from(der ?? "", "base64");
  for (const text of [der ?? "", bytes.toString("hex"), (bytes.toString("hex").match(/../g) ?? []).join(":")])
    expect((await app.call("x509.view", { text })).items[0]?.title).toBe("leaf.example");
  expect((await app.fails("x509.view", { text: "Hello, world" })).code).toBe("BAD_FILE");
  expect((await app.fails("x509.view", {})).code).toBe("INVALID_REQUEST");
  expect((await app.fails("x509.view", { path: "/nonexistent/x" })).code).toBe("FILE_FAILED");
  const two = readFileSync(`${folder}leaf.pem`, "utf8").slice(0, -200) + readFileSync(`${folder}ca.pem`, "utf8");
  const { items } = await app.call("x509.view", { text: two });
  expect(items.map(({ title }) => title)).toEqual(["leaf.example", "Fixture CA"]);
  expect(items[0]?.problems.length).toBeGreaterThan(0);
  expect(items[1]?.problems).toEqual([]);
});
