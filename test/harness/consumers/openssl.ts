import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Answer, Question } from "./ask.ts";
import { pemOf } from "./issue-certificate.ts";
import { type Ran, runProgram } from "./run-program.ts";
import { isSignedBy, message } from "./signature.ts";
import type { TlsServer } from "./tls-server.ts";
import { uriOf, withPin } from "./uri.ts";
import { wordsOf } from "./words.ts";

/** Where Debian's libengine-pkcs11-openssl puts the engine. */
export const engine = "/usr/lib/x86_64-linux-gnu/engines-3/pkcs11.so";

/**
 * The configuration with which OpenSSL 3.0 and the engine of libp11 0.4.12 (Debian 12: openssl, libengine-pkcs11-openssl)
 * do pkey, req, x509, dgst, pkeyutl, cms and s_client with RSA and EC keys of a token (test/modules/openssl-engine.test.ts).
 *
 * - OPENSSL_CONF names the file. Without one the engine takes p11-kit's proxy, and with it every module that the system has
 *   registered. A word that the engine does not know, such as MODULE for MODULE_PATH, is no error: openssl goes on as if
 *   there were no configuration. The order of the lines does not matter, but `init` comes last.
 * - Every command needs both `-engine pkcs11` and the form of the key, `-keyform engine`; in pkey it is `-inform engine`, in
 *   x509 with a CA's key `-CAkeyform engine`. The key is a URI.
 * - The PIN is in a file that the URI's `pin-source` names, as a plain path, which GnuTLS understands as well. Without it the
 *   engine asks at the terminal, if there is one. With a wrong PIN openssl ends with a segmentation fault.
 * - `[req]` must be there: OPENSSL_CONF replaces the system's file, without which `openssl req` does not start.
 * - Certificates come from files (`-cert`, `-signer`, `-CA`): no command of OpenSSL 3 loads one through an engine.
 * - An EC key needs its public key on the token, as an object or in a certificate, with the private key's CKA_ID. Without it
 *   dgst and pkeyutl sign, but req and s_client fail ("i2o_ECPublicKey: passed a null parameter").
 */
export const opensslConfiguration = (module: string): string => `openssl_conf = init
[init]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
dynamic_path = ${engine}
MODULE_PATH = ${module}
init = 0
[req]
distinguished_name = name
[name]
`;

/** OpenSSL's commands with the key through the engine, in one folder for their files. */
export class Openssl {
  private readonly question: Question;
  private readonly folder: string;
  private readonly environment: Record<string, string>;
  private readonly key: string;

  constructor(question: Question, folder: string) {
    this.question = question;
    this.folder = folder;
    this.environment = { ...question.environment, OPENSSL_CONF: this.file("openssl.cnf") };
    this.key = withPin(uriOf(question, "private"), question);
  }

  /** Writes the configuration. */
  async prepare(): Promise<this> {
    await writeFile(this.file("openssl.cnf"), opensslConfiguration(this.question.module));
    return this;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a command with the key behind `option`. */
  run(command: string, formOption: string, option: string, ...args: string[]): Promise<Ran> {
    const byEngine = ["-engine", "pkcs11", formOption, "engine", option, this.key];
    return runProgram("openssl", [command, ...byEngine, ...args], { environment: this.environment });
  }

  /** The public key as the engine tells it, and what the program said. */
  async publicKey(): Promise<[Buffer | null, Ran]> {
    const out = this.file("public.der");
    const ran = await this.run("pkey", "-inform", "-in", "-pubout", "-outform", "DER", "-out", out);
    return [ran.status === 0 ? await readFile(out) : null, ran];
  }

  async sign(data: Buffer): Promise<[Buffer | null, Ran]> {
    const [from, out] = [this.file("message"), this.file("signature")];
    await writeFile(from, data);
    const hash = this.question.key.type === "Ed25519" ? [] : ["-digest", "sha256"];
    const ran = await this.run("pkeyutl", "-keyform", "-inkey", "-sign", "-rawin", ...hash, "-in", from, "-out", out);
    return [ran.status === 0 ? await readFile(out) : null, ran];
  }

  async connect(server: TlsServer, certificate: Buffer): Promise<Answer["client"]> {
    const files = ["-cert", this.file("client.pem"), "-cert_chain", this.file("chain.pem")];
    await writeFile(this.file("client.pem"), pemOf(certificate));
    await writeFile(this.file("chain.pem"), this.question.chain.map(pemOf).join(""));
    const chain = this.question.chain.length > 0 ? files : files.slice(0, 2);
    await this.run("s_client", "-keyform", "-key", ...chain, "-connect", `localhost:${server.port}`, "-ign_eof");
    return server.seen(certificate);
  }
}

/** OpenSSL with the key through the engine, and with certificate and chain in files. */
export const askOpenssl = async (question: Question, server: TlsServer, folder: string): Promise<Answer> => {
  const openssl = await new Openssl(question, folder).prepare();
  const [publicKey, loaded] = await openssl.publicKey();
  const [signature, signed] = await openssl.sign(message);
  return {
    finds: publicKey !== null || signature !== null,
    publicKey: publicKey?.equals(question.key.spki) ?? false,
    certificate: null,
    signs: signature !== null && isSignedBy(question, message, signature),
    client: question.certificate && (await openssl.connect(server, question.certificate)),
    words: wordsOf(loaded) || wordsOf(signed),
  };
};
