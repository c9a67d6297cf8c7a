import { expect, test } from "vitest";
import { certificatePresets, presetProfile } from "../../preload/contract/certificate-presets.ts";
import { type CertificateProfileInput, certificateProfile } from "../../preload/contract/certificate-profile.ts";
import { profileExtensions } from "./extensions.ts";
import { planProfile } from "./profile-plan.ts";

const profile = (input: Partial<CertificateProfileInput>) => certificateProfile.parse({ subject: "CN=x", ...input });
const problems = (input: Partial<CertificateProfileInput>) => planProfile(profile(input)).problems;

test.each([
  ["dns", "-bad.example", /no DNS name/],
  ["dns", "a..example", /no DNS name/],
  ["dns", "a.*.example", /no DNS name/],
  ["dns", "192.0.2.1", /it is an IP address/],
  ["dns", `${"a".repeat(64)}.example`, /no DNS name/],
  ["dns", "", /no DNS name/],
  ["dns", "a b.example", /no DNS name/],
  ["ip", "192.0.2.256", /no IP address/],
  ["ip", "192.0.2.0/24", /no IP address/],
  ["ip", "fe80::1%eth0", /no IP address/],
  ["email", "ada", /no e-mail address/],
  ["email", "adä@example.org", /ASCII name/],
  ["email", "@example.org", /no e-mail address/],
  ["uri", "example.org/path", /with its scheme/],
  ["uri", "https://example.org/ä", /percent-encoded/],
  ["upn", "ada", /user@domain/],
] as const)("an alternative name %s:%s is refused by name", (type, value, message) => {
  const [first, second] = problems({
    san: [
      { type: "dns", value: "good.example" },
      { type, value },
    ],
  });
  expect(first).toEqual({ part: "san.1", message: expect.stringMatching(message) });
  expect(second).toBeUndefined();
  expect(() => profileExtensions(profile({ san: [{ type, value }] }))).toThrow(message);
});

test.each([
  [{ subject: "Ada" }, "subject", /cannot be read/],
  [{ subject: "" }, "profile", /neither a subject nor/],
  [{ extendedKeyUsage: ["clientAuth", "serverAuht"] }, "extendedKeyUsage.1", /"serverAuht" is no object identifier/],
  [{ extendedKeyUsage: ["1.50.3"] }, "extendedKeyUsage.0", /no object identifier/],
  [{ extensions: [{ oid: "9.9", value: "0500" }] }, "extensions.0", /"9.9" is no object identifier/],
  [{ extensions: [{ oid: "1.2.3", value: "0c05" }] }, "extensions.0", /not DER/],
  [{ extensions: [{ oid: "2.5.29.17", value: "3000" }], san: [{ type: "dns", value: "a" }] }, "profile", /twice/],
  [{ basicConstraints: { ca: false, pathLength: 1 } }, "profile", /for a CA only/],
  [{ keyUsage: ["keyCertSign"] }, "profile", /for a CA only/],
] as const)("%j is refused where it is wrong", (input, part, message) => {
  expect(problems(input as Partial<CertificateProfileInput>)).toEqual([
    { part, message: expect.stringMatching(message) },
  ]);
});

test("everything that is wrong is said at once", () => {
  const parts = problems({
    subject: "x",
    san: [{ type: "ip", value: "x" }],
    extendedKeyUsage: ["x"],
  }).map(({ part }) => part);
  expect(parts).toEqual(["subject", "san.0", "extendedKeyUsage.0"]);
});

test("the plan says in words what will be written", () => {
  const plan = planProfile(
    profile({
      subject: "cn=Ada , o=x",
      san: [
        { type: "dns", value: "bücher.example" },
        { type: "ip", value: "2001:DB8:0::1" },
      ],
      keyUsage: ["digitalSignature"],
      basicConstraints: { ca: true, pathLength: 0 },
    }),
  );
  expect(plan.subject).toBe("CN=Ada,O=x");
  expect(plan.lines).toEqual([
    { name: "Basic constraints", critical: true, value: "a CA with at most 0 CAs below it" },
    { name: "Key usage", critical: true, value: "digitalSignature" },
    { name: "Alternative names", critical: false, value: "DNS xn--bcher-kva.example, IP 2001:db8::1" },
  ]);
  expect(plan.warnings).toEqual([expect.stringContaining("lacks keyCertSign")]);
});

test.each(certificatePresets.map((preset) => [preset.name, preset] as const))(
  "the preset %s can be written for every kind of key, and warns of nothing once its names are given",
  (_, preset) => {
    const values = { dns: "a.example", ip: "192.0.2.1", email: "a@b.example", uri: "urn:a:b", upn: "a@b" };
    const san = preset.needs.map((type) => ({ type, value: values[type] }));
    for (const keyType of ["RSA", "EC", "Ed25519"] as const) {
      const plan = planProfile(profile({ ...presetProfile(preset, keyType), san }));
      expect([plan.problems, plan.warnings]).toEqual([[], []]);
      // RFC 5480, 3 and RFC 8410, 5: keys on curves encrypt nothing.
      if (keyType !== "RSA") expect(presetProfile(preset, keyType).keyUsage).not.toContain("keyEncipherment");
    }
  },
);
