import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDescription } from "./describe.mjs";

const description = readDescription(new URL("../../native/description", import.meta.url).pathname);
const { functions, attributes, constants, structures } = description;

test("there are 68 functions of 2.40, 24 of 3.0 and 12 of 3.2, in the order of the function lists", () => {
  const since = functions.map((row) => row.since);
  expect(since).toEqual([...Array(68).fill("2.40"), ...Array(24).fill("3.0"), ...Array(12).fill("3.2")]);
  expect(functions[67]?.name).toBe("C_WaitForSlotEvent");
  expect(functions[103]?.name).toBe("C_UnwrapKeyAuthenticated");
});

test("every length that is named is a parameter or field beside, and every buffer says who may see it", () => {
  const lists = [
    ...functions.map(({ name, parameters }) => ({ name, rows: parameters })),
    ...structures.map(({ name, fields }) => ({ name, rows: fields })),
  ];
  for (const { name, rows } of lists)
    for (const row of rows) {
      if (row.length)
        expect(
          rows.map((other) => other.name),
          name,
        ).toContain(row.length);
      if (row.kind === "buffer" || row.kind === "bytes")
        expect([1, 2, "never"], `${name} ${row.name}`).toContain(row.secrecy);
      if (row.kind === "enum") expect(constants, `${name} ${row.name}`).toHaveProperty(row.enum ?? "");
    }
});

test("keys, PINs and passwords are shown at no level", () => {
  const secret = attributes.filter(({ secrecy }) => secrecy === "never").map(({ name }) => name);
  for (const name of [
    "VALUE",
    "PRIVATE_EXPONENT",
    "PRIME_1",
    "PRIME_2",
    "EXPONENT_1",
    "EXPONENT_2",
    "COEFFICIENT",
    "SEED",
  ])
    expect(secret).toContain(`CKA_${name}`);
  const pins = [
    ...functions.flatMap(({ parameters }) => parameters),
    ...structures.flatMap(({ fields }) => fields),
  ].filter(({ name }) => /pin$|password$/i.test(name));
  expect(pins.length).toBeGreaterThan(6);
  for (const pin of pins) expect(pin).toMatchObject({ kind: "pin", secrecy: "never" });
});

test("names and numbers are those of the header of 2.40 that comes with pkcs11js", () => {
  const header = readFileSync(
    new URL("../../node_modules/pkcs11js/includes/pkcs11/pkcs11t.h", import.meta.url),
    "utf8",
  );
  const defined = new Map(
    [...header.matchAll(/^#define\s+(CK[A-Z]_\w+)\s+(0x[0-9A-F]+|\d+)UL/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
  const groups = Object.values(constants).map((group) => Object.entries(group));
  const ours = [...groups.flat(), ...attributes.map(({ name, number }): [string, number] => [name, number])];
  const shared = ours.filter(([name]) => defined.has(name));
  expect(shared.length).toBeGreaterThan(550);
  for (const [name, value] of shared) expect([name, value]).toEqual([name, defined.get(name)]);
  for (const group of groups) expect(new Set(group.map(([, value]) => value)).size).toBe(group.length);
  expect(new Set(attributes.map(({ number }) => number)).size).toBe(attributes.length);
});
