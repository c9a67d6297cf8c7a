import type { ObjectRow } from "../../preload/contract/objects.ts";
import { certificateKey } from "../keys/certificate-parts.ts";
import type { PublicKey } from "../keys/public-key.ts";
import { publicKeyIn } from "../keys/token-key.ts";
import { listRows } from "../objects/list.ts";
import type { OpenToken } from "../objects/open-token.ts";
import { readAttributes } from "../objects/read-attributes.ts";
import { attributeName, CKA } from "../pkcs11/attributes.ts";
import { handleFrom } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { certificateMarks } from "./certificate-marks.ts";
import { keyHash, type Member } from "./member.ts";

const joined: ReadonlySet<ObjectRow["class"]> = new Set(["privateKey", "publicKey", "certificate"]);

/**
 * Keys and certificates of a token: one listing, and one or two reads more for the key bytes of each. Session objects
 * are left out, since no other program sees them.
 * @returns the members, and how many objects were listed
 * @throws Failure PKCS11 when the token is lost on the way
 */
export const readMembers = async (
  library: Library,
  { session }: OpenToken,
): Promise<{ members: Member[]; count: number }> => {
  const rows: ObjectRow[] = [];
  const count = await listRows(library, session, (page) => rows.push(...page));
  const members: Member[] = [];
  for (const [i, row] of rows.entries()) {
    if (joined.has(row.class) && row.onToken) members.push(readMember(library, session, row));
    // Lets other requests in: a device takes milliseconds for each.
    if (i % 250 === 249) await new Promise((resolve) => setImmediate(resolve));
  }
  return { members, count };
};

/** By which programs look for a certificate. */
const names = [CKA.SUBJECT, CKA.ISSUER, CKA.SERIAL_NUMBER];

/** Key bytes of one object that was just listed. @throws Pkcs11Error only when session or token are gone */
export const readMember = (library: Library, session: OpenToken["session"], row: ObjectRow): Member => {
  const handle = handleFrom(row.handle);
  if (row.class !== "certificate") {
    const publicKey = publicKeyIn(library, session, handle);
    return member(row, publicKey, { certificate: null, trusted: null, missing: [] });
  }
  const { values } = readAttributes(library, session, handle, [CKA.VALUE, CKA.TRUSTED, ...names]);
  const bytes = values.get(CKA.VALUE);
  const trusted = values.get(CKA.TRUSTED);
  return member(row, bytes ? certificateKey(bytes) : null, {
    certificate: bytes ? certificateMarks(bytes) : null,
    trusted: trusted ? trusted[0] !== 0 : null,
    missing: names.filter((type) => !values.get(type)?.length).map(attributeName),
  });
};

const member = (
  row: ObjectRow,
  publicKey: PublicKey | null,
  more: Pick<Member, "certificate" | "trusted" | "missing">,
): Member => ({ object: { ...row, keyHash: publicKey && keyHash(publicKey) }, publicKey, ...more });
