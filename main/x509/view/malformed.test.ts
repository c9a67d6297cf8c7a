import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { x509 } from "../../../preload/contract/x509.ts";
import { Failure } from "../../pkcs11/failure.ts";
import { treeOf } from "./asn1/tree.ts";
import { openContent } from "./open.ts";

const folder = new URL("../../../test/fixtures/certificates/", import.meta.url).pathname;
const opening = { fileName: "it", password: null, now: new Date("2027-01-01") };

const derOf = (name: string): Buffer => {
  const bytes = readFileSync(`${folder}${name}`);
  if (bytes[0] === 0x30) return bytes;
  return Buffer.from(bytes.toString().replace(/-----[^-]*-----/g, ""), "base64");
};

const first = (bytes: Buffer) => openContent(bytes, opening).items[0];

test("a certificate that is cut off shows all that is left, names the byte, and its tree goes as far", () => {
  const whole = derOf("extensions.pem");
  const item = first(whole.subarray(0, 600));
  expect(item?.kind).toBe("certificate");
  expect(item?.subject?.text).toBe("CN=Every extension,O=Tokenglass fixtures,C=GB");
  expect(item?.publicKey?.words).toBe("EC P-256");
  expect(item?.problems).toEqual([
    expect.objectContaining({
      code: "BAD_FILE",
      message: expect.stringMatching(/are announced at byte 0, but only 596 follow/),
      details: { offset: 0 },
    }),
  ]);
  const { nodes, faults } = treeOf(whole.subarray(0, 600), 10_000);
  expect(nodes.length).toBeGreaterThan(50);
  expect(nodes.at(-1)?.offset).toBeGreaterThan(480);
  expect(faults.length).toBeGreaterThan(0);
});

test("a certificate of any length from its beginning on is read or refused, never a fault of the program", () => {
  const whole = derOf("leaf.pem");
  for (let length = 1; length < whole.length; length++) {
    const item = first(whole.subarray(0, length));
    expect(item?.problems.length, `${length} bytes`).toBeGreaterThan(0);
  }
});

test("a wrong tag in one field hides no other field", () => {
  const bytes = Buffer.from(derOf("leaf.pem"));
  const validity = bytes.indexOf(Buffer.from([0x17, 0x0d]));
  bytes[validity] = 0x04;
  const item = first(bytes);
  expect(item?.problems[0]?.message).toBe(`A time is expected at byte ${validity}, but OCTET STRING stands there.`);
  expect(item?.subject?.text).toContain("leaf.example");
  expect(item?.extensions.length).toBeGreaterThan(2);
});

test.each([
  ["13 months", "261324194557Z"],
  ["the 31st of April", "260431194557Z"],
  ["letters", "2611x4194557Z"],
])("a date with %s is named, with its byte", (_, date) => {
  const bytes = Buffer.from(derOf("leaf.pem"));
  const at = bytes.indexOf(Buffer.from([0x17, 0x0d]));
  bytes.write(date, at + 2, "latin1");
  expect(first(bytes)?.problems[0]?.message).toBe(`"${date}" at byte ${at} is no time.`);
});

test("an unknown signature algorithm and key are shown by their OIDs", () => {
  const bytes = derOf("key-ed25519.pem");
  // id-Ed25519 becomes 1.3.101.100 everywhere.
  for (let at = bytes.indexOf("2b6570", 0, "hex"); at >= 0; at = bytes.indexOf("2b6570", at + 1, "hex"))
    bytes[at + 2] = 100;
  const item = first(bytes);
  expect(item?.problems).toEqual([]);
  expect(item?.publicKey?.words).toBe("1.3.101.100");
  expect(item?.signature?.algorithm.name).toBe("1.3.101.100");
  expect(item?.signature?.check).toEqual(
    expect.objectContaining({ good: null, why: expect.stringContaining("not known") }),
  );
});

const length = (size: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes[0] = 0x84;
  bytes.writeUInt32BE(size, 1);
  return bytes;
};

test("ten megabytes of nested, of tiny and of indefinite elements are read to a limit and named", () => {
  const size = 10_000_000;
  const nested = Buffer.concat(
    Array.from({ length: 100_000 }, (_, at) => Buffer.concat([Buffer.from([0x30]), length(size - (at + 1) * 6)])),
  );
  const deep = treeOf(Buffer.concat([nested, Buffer.alloc(size - nested.length)]), 20_000);
  expect(deep.faults.map(({ message }) => message)).toContain("Nested deeper than 64 levels: not opened");
  const tiny = treeOf(Buffer.concat([Buffer.from([0x30]), length(size), Buffer.alloc(size, "0500", "hex")]), 20_000);
  expect(tiny).toMatchObject({ cut: true });
  expect(tiny.nodes).toHaveLength(20_000);
  const open = Buffer.alloc(size, "3080", "hex");
  expect(treeOf(open, 20_000).faults.length).toBeGreaterThan(0);
  for (const bytes of [open, nested]) expect(first(bytes)?.problems.length).toBeGreaterThan(0);
});

test("no private key is shown as elements, whatever it is wrapped in", () => {
  const key = readFileSync(new URL("../../../test/fixtures/keys/rsa.pkcs8.der", import.meta.url));
  const wrapped = Buffer.concat([Buffer.from([0x04]), length(key.length), key]);
  const cut = Buffer.concat([Buffer.from([0x30]), length(wrapped.length), wrapped]).subarray(0, 700);
  for (const bytes of [key, key.subarray(0, 300), wrapped, cut]) expect(() => treeOf(bytes, 1000)).toThrow(/REFUSED/);
  expect(first(cut)?.der).toBeNull();
  expect(JSON.stringify(first(key))).not.toContain(key.subarray(400, 460).toString("base64").slice(4, 60));
});

/** A random generator with a seed, so that a failure can be looked at again. */
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const mutated = (bytes: Buffer, next: () => number): Buffer => {
  const at = () => Math.floor(next() * bytes.length);
  const copy = Buffer.from(bytes);
  for (let times = 1 + Math.floor(next() * 4); times > 0; times--) {
    const kind = next();
    if (kind < 0.5) copy[at()] = Math.floor(next() * 256);
    else if (kind < 0.7) copy[at()] = [0x30, 0x80, 0xa0, 0x00, 0xff, 0x84, 0x1f][Math.floor(next() * 7)] ?? 0;
    else if (kind < 0.85) return Buffer.concat([copy.subarray(0, at()), copy.subarray(at())]);
    else copy.copy(copy, at(), at(), at());
  }
  return copy;
};

test("2,000 damaged certificates, requests, lists and containers: each is a view that fits the contract, or a named refusal", () => {
  const next = random(5);
  const names = readdirSync(folder);
  const sources = names.map(derOf);
  const { output } = x509.requests.view;
  let viewed = 0;
  for (let run = 0; run < 2000; run++) {
    const source = sources[run % sources.length] ?? Buffer.alloc(0);
    const bytes = mutated(source, next);
    try {
      const opened = openContent(bytes, opening);
      const reply = output.safeParse({ fileName: "it", size: bytes.length, ...opened });
      expect(reply.success, `run ${run}: ${names[run % names.length]} ${reply.error?.message}`).toBe(true);
      viewed++;
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw new Error(`run ${run}, ${names[run % names.length]}: ${thrown}`);
    }
    try {
      treeOf(bytes, 5000);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
    }
  }
  expect(viewed).toBeGreaterThan(1000);
}, 120_000);
