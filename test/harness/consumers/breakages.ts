import pkcs11js from "pkcs11js";
import { purposes } from "./issue-certificate.ts";
import { certificate, linked, type Named, type Plan, type PlannedCertificate } from "./plan.ts";

export interface Breakage {
  name: string;
  /** What is wrong, as a sentence about the token. */
  title: string;
  plan: Plan;
  /** Programs take the first of two that they find, and the order in which a module tells them is chance. */
  chance?: boolean;
}

const privateKey = (differs: Partial<Plan["privateKey"]>): Plan => ({
  ...linked,
  privateKey: { ...linked.privateKey, ...differs },
});

const publicKey = (differs: Partial<Plan["publicKey"]> | null): Plan => ({
  ...linked,
  publicKey: differs && linked.publicKey ? { ...linked.publicKey, ...differs } : null,
});

const certificates = (...differ: Partial<PlannedCertificate>[]): Plan => ({
  ...linked,
  certificates: differ.map((each) => ({ ...certificate, ...each })),
});

/** Every object with this in place of its own. */
const all = (same: Partial<Named>): Plan => ({
  ...linked,
  privateKey: { ...linked.privateKey, ...same },
  publicKey: linked.publicKey && { ...linked.publicKey, ...same },
  certificates: linked.certificates.map((each) => ({ ...each, ...same })),
});

const otherId = "0f0e0d";

/** Ways in which private key, public key and certificate fail to belong together, one at a time. The first is none. */
export const breakages: Breakage[] = [
  { name: "linked", title: "Nothing is wrong", plan: linked },
  { name: "no-certificate", title: "There is no certificate", plan: certificates() },
  { name: "certificate-other-id", title: "The certificate has another CKA_ID", plan: certificates({ id: otherId }) },
  { name: "certificate-without-id", title: "The certificate has an empty CKA_ID", plan: certificates({ id: "" }) },
  { name: "certificate-other-label", title: "The certificate has another label", plan: certificates({ label: "Ada" }) },
  {
    name: "certificate-other-id-and-label",
    title: "The certificate has another CKA_ID and another label",
    plan: certificates({ id: otherId, label: "Ada" }),
  },
  { name: "certificate-private", title: "The certificate is a private object", plan: certificates({ private: true }) },
  {
    name: "certificate-bare",
    title: "The certificate has no CKA_SUBJECT, CKA_ISSUER and CKA_SERIAL_NUMBER",
    plan: certificates({ bare: true }),
  },
  {
    name: "certificate-of-another-key",
    title: "The certificate under the key's CKA_ID is that of another key",
    plan: certificates({ of: "another key" }),
  },
  {
    name: "certificate-of-another-key-beside",
    title: "A certificate of another key has the key's CKA_ID, beside its own",
    plan: certificates({}, { of: "another key" }),
    chance: true,
  },
  {
    name: "two-certificates",
    title: "Two certificates of the key have its CKA_ID",
    plan: certificates({}, { differs: { name: "Ada, formerly", from: -400, until: -35 } }),
    chance: true,
  },
  { name: "expired", title: "The certificate has expired", plan: certificates({ differs: { from: -60, until: -1 } }) },
  { name: "not-yet-valid", title: "The certificate is not yet valid", plan: certificates({ differs: { from: 30 } }) },
  {
    name: "eku-server-only",
    title: "The certificate's extended key usage lacks clientAuth",
    plan: certificates({ differs: { purposes: [purposes.server] } }),
  },
  {
    name: "chain-missing",
    title: "The certificate's issuer is an intermediate CA that is not on the token",
    plan: certificates({ issuer: "intermediate" }),
  },
  {
    name: "chain-on-token",
    title: "The intermediate CA's certificate is on the token, too",
    plan: certificates({ issuer: "intermediate" }, { ca: "intermediate", id: "ca", label: "Intermediate" }),
  },
  { name: "no-public-key", title: "There is no public key object", plan: publicKey(null) },
  { name: "public-key-other-id", title: "The public key has another CKA_ID", plan: publicKey({ id: otherId }) },
  { name: "public-key-other-label", title: "The public key has another label", plan: publicKey({ label: "Ada" }) },
  { name: "public-key-private", title: "The public key is a private object", plan: publicKey({ private: true }) },
  {
    name: "private-key-alone",
    title: "There is neither a public key nor a certificate",
    plan: { ...linked, publicKey: null, certificates: [] },
  },
  { name: "private-key-other-id", title: "The private key has another CKA_ID", plan: privateKey({ id: otherId }) },
  { name: "private-key-without-id", title: "The private key has an empty CKA_ID", plan: privateKey({ id: "" }) },
  { name: "private-key-other-label", title: "The private key has another label", plan: privateKey({ label: "Ada" }) },
  { name: "sign-not-allowed", title: "The private key has CKA_SIGN false", plan: privateKey({ sign: false }) },
  {
    name: "always-authenticate",
    title: "The private key wants the PIN before each signature",
    plan: privateKey({
      more: [
        { type: pkcs11js.CKA_ALWAYS_AUTHENTICATE, value: true },
        { type: pkcs11js.CKA_SENSITIVE, value: true },
      ],
    }),
  },
  {
    name: "two-private-keys",
    title: "Another private key has the same CKA_ID",
    plan: { ...linked, twin: { id: linked.privateKey.id, label: "Twin" } },
    chance: true,
  },
  { name: "no-ids", title: "All three objects have an empty CKA_ID", plan: all({ id: "" }) },
  { name: "zero-ids", title: "The CKA_ID of all three is zeros", plan: all({ id: "00000000" }) },
  {
    name: "all-private",
    title: "Public key and certificate are private objects",
    plan: {
      ...linked,
      publicKey: linked.publicKey && { ...linked.publicKey, private: true },
      certificates: [{ ...certificate, private: true }],
    },
  },
  {
    name: "neighbour-secp256k1",
    title: "Another key on the token is on the curve secp256k1",
    plan: { ...linked, neighbour: "secp256k1" },
  },
  { name: "no-labels", title: "All three objects have an empty label", plan: all({ label: "" }) },
];
