import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CertificationRequest } from "@peculiar/asn1-csr";
import { AsnConvert } from "@peculiar/asn1-schema";
import type { Answer, Question } from "./ask.ts";
import { type Ran, runProgram } from "./run-program.ts";
import { isCertificateOf, isSignedBy } from "./signature.ts";
import type { TlsServer } from "./tls-server.ts";
import { wordsOf } from "./words.ts";

/**
 * NSS, which Firefox, Chrome on Linux and Thunderbird use: the module in a fresh database (modutil), certutil's lists of
 * keys and certificates, a certificate request with the key found by its CKA_ID, and tstclnt as a TLS client that
 * chooses its certificate by itself, as a browser does.
 */
export const askNss = async (question: Question, server: TlsServer, folder: string): Promise<Answer> => {
  const { environment, token, key } = question;
  const nss = (command: string, ...args: string[]) => runProgram(command, args, { environment });
  const database = `sql:${join(folder, "nss")}`;
  await mkdir(join(folder, "nss"));
  await nss("certutil", "-N", "-d", database, "--empty-password");
  const added = await nss("modutil", "-dbdir", database, "-add", "token", "-libfile", question.module, "-force");
  if (added.status !== 0) throw new Error(`modutil: ${added.stdout}${added.stderr}`);

  const onToken = ["-d", database, "-h", token.label, "-f", question.pinFile];
  const keys = await nss("certutil", "-K", ...onToken);
  const certificates = await nss("certutil", "-L", ...onToken);
  const request = join(folder, "request.der");
  const requested = await nss("certutil", "-R", ...onToken, "-k", key.id, "-s", "CN=test", "-o", request);
  const signs = requested.status === 0 && isRequestOf(question, await readFile(request));
  const client = question.certificate === null ? null : await asClient(question.certificate);
  return {
    finds: listsKey(keys, key.id),
    publicKey: null,
    certificate: ownsCertificate(certificates) && isCertificateOf(question, question.certificate ?? ""),
    signs,
    client,
    words: wordsOf(requested) || wordsOf(keys),
  };

  async function asClient(certificate: Buffer): Promise<Answer["client"]> {
    const at = ["-4", "-h", "localhost", "-p", String(server.port)];
    // -o: the server's certificate is not what is asked about.
    await nss("tstclnt", ...at, "-d", database, "-W", question.pinFile, "-o", "-Q");
    return server.seen(certificate);
  }
};

/** Lines are "< 0> ec       a1b2c3d4   nickname", with "" for an empty CKA_ID. */
const listsKey = ({ status, stdout }: Ran, id: string): boolean =>
  status === 0 && stdout.split("\n").some((line) => /^<\s*\d+>\s+\S+\s+(\S+)/.exec(line)?.[1] === (id || '""'));

/** "u" among the trust flags: NSS found a private key for the certificate (PK11_IsUserCert), by its CKA_ID. */
const ownsCertificate = ({ stdout }: Ran): boolean => /\s\w*u\w*,\w*,\w*\s*$/m.test(stdout);

/** Whether a PKCS#10 request (RFC 2986) is for the key asked about and signed with it. */
const isRequestOf = (question: Question, der: Buffer): boolean => {
  const { certificationRequestInfo, signature } = AsnConvert.parse(der, CertificationRequest);
  const spki = Buffer.from(AsnConvert.serialize(certificationRequestInfo.subjectPKInfo));
  const signed = Buffer.from(AsnConvert.serialize(certificationRequestInfo));
  return spki.equals(question.key.spki) && isSignedBy(question, signed, Buffer.from(signature));
};
