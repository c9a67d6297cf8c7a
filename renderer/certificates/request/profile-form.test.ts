import { expect, test } from "vitest";
import { emptyProfile, pathLengthProblem, profileOf, rowOfPart, withPreset } from "./profile-form.ts";

const server = {
  name: "tlsServer",
  title: "TLS server",
  words: "",
  profile: {
    keyUsage: ["digitalSignature" as const],
    extendedKeyUsage: ["serverAuth", "1.2.3"],
    basicConstraints: { ca: false },
  },
  needs: ["dns" as const],
};

test("a preset sets the uses, keeps the names and opens a row for a name that it needs", () => {
  const form = withPreset({ ...emptyProfile("CN=x"), san: [{ type: "ip", value: "192.0.2.1" }] }, server);
  expect(form.san).toEqual([
    { type: "ip", value: "192.0.2.1" },
    { type: "dns", value: "" },
  ]);
  expect(profileOf(form)).toEqual({
    subject: "CN=x",
    san: [{ type: "ip", value: "192.0.2.1" }],
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: ["serverAuth", "1.2.3"],
    basicConstraints: { ca: false },
    critical: ["basicConstraints", "keyUsage"],
    extensions: [],
  });
  // Chosen twice, the row is there once.
  expect(withPreset(form, server).san).toEqual(form.san);
});

test("a path length is a small number, and means something for a CA only", () => {
  const form = { ...emptyProfile("CN=x"), constraints: "ca" as const };
  expect(profileOf({ ...form, pathLength: "0" }).basicConstraints).toEqual({ ca: true, pathLength: 0 });
  expect(profileOf(form).basicConstraints).toEqual({ ca: true });
  expect(pathLengthProblem({ ...form, pathLength: "256" })).toMatch(/0 to 255/);
  expect(pathLengthProblem({ ...form, constraints: "notCa", pathLength: "x" })).toBeNull();
});

test("a problem is shown at the row that it is about, whatever empty rows stand before", () => {
  const form = {
    ...emptyProfile("CN=x"),
    san: [
      { type: "dns" as const, value: "" },
      { type: "ip" as const, value: "x" },
    ],
    extensions: [{ oid: "1.2", critical: false, value: "05:00" }],
  };
  expect(rowOfPart(form, "san.0")).toEqual({ list: "san", row: 1 });
  expect(rowOfPart(form, "extensions.0")).toEqual({ list: "extensions", row: 0 });
  expect(rowOfPart(form, "subject")).toBeNull();
  expect(profileOf(form).extensions).toEqual([{ oid: "1.2", critical: false, value: "0500" }]);
});
