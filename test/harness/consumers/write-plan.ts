import { generateKeyPairSync } from "node:crypto";
import pkcs11js, { type Handle, type KeyPair, type Template } from "pkcs11js";
import { curveByName, curveParameters } from "../../../main/keys/curves.ts";
import { fromEcAttributes, type PublicKey, toSpki } from "../../../main/keys/public-key.ts";
import type { SoftHsmWriter } from "../softhsm-writer.ts";
import type { KeyType, Question } from "./ask.ts";
import { type Authority, issueCertificate, namesOf, purposes } from "./issue-certificate.ts";
import type { Named, Plan, PlannedCertificate } from "./plan.ts";

const edwardsPairGeneration = 0x1055;

const named = ({ id, label }: Named): Template => [
  { type: pkcs11js.CKA_TOKEN, value: true },
  { type: pkcs11js.CKA_ID, value: Buffer.from(id, "hex") },
  { type: pkcs11js.CKA_LABEL, value: label },
];

const generation = (type: KeyType): { mechanism: number; template: Template } => {
  if (type === "RSA")
    return {
      mechanism: pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN,
      template: [
        { type: pkcs11js.CKA_MODULUS_BITS, value: 2048 },
        { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: Buffer.from("010001", "hex") },
      ],
    };
  const curve = curveByName(type);
  if (!curve) throw new Error(`no curve ${type}`);
  return {
    mechanism: curve.type === "EC" ? pkcs11js.CKM_EC_KEY_PAIR_GEN : edwardsPairGeneration,
    template: [{ type: pkcs11js.CKA_EC_PARAMS, value: curveParameters(curve) }],
  };
};

const generate = (
  { p11, session }: SoftHsmWriter,
  type: KeyType,
  privateKey: Plan["privateKey"],
  names: Named,
): KeyPair => {
  const { mechanism, template } = generation(type);
  return p11.C_GenerateKeyPair(
    session,
    { mechanism },
    [...named(names), { type: pkcs11js.CKA_VERIFY, value: true }, ...template],
    [
      ...named(privateKey),
      { type: pkcs11js.CKA_PRIVATE, value: true },
      { type: pkcs11js.CKA_SIGN, value: privateKey.sign },
      ...privateKey.more,
    ],
  );
};

const publicKeyOf = ({ p11, session }: SoftHsmWriter, type: KeyType, handle: Handle): PublicKey => {
  const read = (first: number, second: number): [Buffer, Buffer] => {
    const [one, two] = p11.C_GetAttributeValue(session, handle, [{ type: first }, { type: second }]);
    return [one?.value as Buffer, two?.value as Buffer];
  };
  if (type !== "RSA") return fromEcAttributes(...read(pkcs11js.CKA_EC_PARAMS, pkcs11js.CKA_EC_POINT));
  const [modulus, exponent] = read(pkcs11js.CKA_MODULUS, pkcs11js.CKA_PUBLIC_EXPONENT);
  return { type, modulus, exponent };
};

const certificateOf = (planned: PlannedCertificate, spki: Buffer, authority: Authority): Buffer => {
  if (planned.ca) return authority[planned.ca].der;
  const other = () =>
    generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "der" });
  return issueCertificate(planned.issuer === "root" ? authority : authority.intermediate, {
    name: "Ada",
    purposes: [purposes.client],
    ...planned.differs,
    spki: planned.of === "key" ? spki : other(),
  });
};

const writeCertificate = (writer: SoftHsmWriter, planned: PlannedCertificate, der: Buffer) => {
  const { subject, issuer, serial } = namesOf(der);
  writer.create([
    ...named(planned),
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_PRIVATE, value: planned.private },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
    // CKA_SUBJECT may be left empty, but not left out.
    { type: pkcs11js.CKA_SUBJECT, value: planned.bare ? Buffer.alloc(0) : subject },
    ...(planned.bare
      ? []
      : [
          { type: pkcs11js.CKA_ISSUER, value: issuer },
          { type: pkcs11js.CKA_SERIAL_NUMBER, value: serial },
        ]),
    { type: pkcs11js.CKA_VALUE, value: der },
  ]);
};

/**
 * Generates a key on the token and writes the objects that stand for it.
 * @returns the key, and the first certificate that the plan has for it
 */
export const writePlan = (
  writer: SoftHsmWriter,
  type: KeyType,
  plan: Plan,
  authority: Authority,
): Pick<Question, "key" | "certificate" | "chain"> => {
  const pair = generate(writer, type, plan.privateKey, plan.publicKey ?? plan.privateKey);
  const spki = toSpki(publicKeyOf(writer, type, pair.publicKey));
  if (!plan.publicKey) writer.p11.C_DestroyObject(writer.session, pair.publicKey);
  else if (plan.publicKey.private) {
    writer.p11.C_CopyObject(writer.session, pair.publicKey, [{ type: pkcs11js.CKA_PRIVATE, value: true }]);
    writer.p11.C_DestroyObject(writer.session, pair.publicKey);
  }
  if (plan.twin) {
    const twin = generate(writer, type, { ...plan.privateKey, ...plan.twin }, plan.twin);
    writer.p11.C_DestroyObject(writer.session, twin.publicKey);
  }
  const other = { id: "99", label: "Neighbour" };
  if (plan.neighbour) generate(writer, plan.neighbour, { ...plan.privateKey, ...other }, other);
  const made = plan.certificates.map((planned) => {
    const der = certificateOf(planned, spki, authority);
    writeCertificate(writer, planned, der);
    return { der, ca: planned.ca !== undefined };
  });
  const { id, label } = plan.privateKey;
  return {
    key: { id, label, spki, type },
    certificate: made.find(({ ca }) => !ca)?.der ?? null,
    chain: made.filter(({ ca }) => ca).map(({ der }) => der),
  };
};
