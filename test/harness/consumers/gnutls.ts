import type { Answer, Question } from "./ask.ts";
import { runProgram } from "./run-program.ts";
import { isCertificateOf } from "./signature.ts";
import type { TlsServer } from "./tls-server.ts";
import { uriOf, withPin } from "./uri.ts";
import { wordsOf } from "./words.ts";

/**
 * GnuTLS: p11tool lists and signs, gnutls-cli is the TLS client. It takes the certificate by a URI of the key's CKA_ID,
 * as its manual does.
 */
export const askGnutls = async (question: Question, server: TlsServer): Promise<Answer> => {
  const p11tool = (...args: string[]) =>
    runProgram("p11tool", ["--provider", question.module, "--batch", ...args], { environment: question.environment });
  const key = withPin(uriOf(question, "private"), question);
  const certificateUri = withPin(uriOf(question, "cert"), question);
  const listed = await p11tool("--login", "--list-privkeys", "--only-urls", key);
  const finds = listed.status === 0 && /^pkcs11:.*type=private/m.test(listed.stdout);
  const exported = await p11tool("--login", "--export", certificateUri);
  const signed = await p11tool("--login", "--test-sign", key);
  const client = question.certificate === null ? null : await asClient(question.certificate);
  return {
    finds,
    publicKey: null,
    certificate: isCertificateOf(question, exported.stdout),
    signs: signed.status === 0,
    client,
    words: wordsOf(signed),
  };

  async function asClient(certificate: Buffer): Promise<Answer["client"]> {
    const args = ["--provider", question.module, "--insecure", "--x509keyfile", key, "--x509certfile", certificateUri];
    await runProgram("gnutls-cli", [...args, "--port", String(server.port), "localhost"], {
      environment: question.environment,
    });
    return server.seen(certificate);
  }
};
