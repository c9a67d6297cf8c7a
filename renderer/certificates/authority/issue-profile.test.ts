import { expect, test } from "vitest";
import { certificateProfile } from "../../../preload/contract/certificate-profile.ts";
import type { Output } from "../../../preload/contract/index.ts";
import { decisionsFor, profileFor } from "./issue-profile.ts";

const extension = (oid: string, part: Output<"certificates.readRequest">["extensions"][number]["part"]) => ({
  oid,
  name: oid,
  critical: false,
  words: "",
  part,
  notTaken: part === null ? "The CA makes it." : null,
});
const request: Output<"certificates.readRequest"> = {
  subject: "CN=x",
  keyWords: "EC P-256",
  keyType: "EC",
  signedWith: "ECDSA",
  profile: certificateProfile.parse({
    subject: "CN=x",
    san: [{ type: "dns", value: "x.example" }],
    keyUsage: ["keyCertSign"],
    basicConstraints: { ca: true },
    critical: [],
    extensions: [{ oid: "1.2.3", value: "0500" }],
  }),
  extensions: [
    extension("2.5.29.17", "san"),
    extension("2.5.29.15", "keyUsage"),
    extension("2.5.29.19", "basicConstraints"),
    extension("1.2.3", "extensions"),
    extension("2.5.29.14", null),
  ],
  warnings: [],
};

test("a request for a CA certificate is not granted by itself, the rest of it is", () => {
  const profile = profileFor(request, decisionsFor(request));
  expect(profile).toMatchObject({ keyUsage: [], basicConstraints: { ca: false }, san: request.profile.san });
  expect(profile.extensions).toEqual(request.profile.extensions);
});

test("what is left out is left out, and a CA is one if that is wanted", () => {
  const all = { "2.5.29.15": true, "2.5.29.19": true, "2.5.29.17": false, "1.2.3": false };
  expect(profileFor(request, { ...decisionsFor(request), taken: all })).toMatchObject({
    keyUsage: ["keyCertSign"],
    basicConstraints: { ca: true },
    san: [],
    extensions: [],
  });
});

test("a preset sets key usage, purposes and CA itself, and leaves the names to the request", () => {
  const decisions = { ...decisionsFor(request), preset: "tlsServer" };
  expect(profileFor(request, { ...decisions, taken: { ...decisions.taken, "2.5.29.19": true } })).toMatchObject({
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: ["serverAuth"],
    basicConstraints: { ca: false },
    san: request.profile.san,
  });
});
