import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine } from "../../commands/shell-words.ts";
import { type ProgramReader, type SeenEntry, type StoreToRead, UnreadByProgram } from "./reader.ts";
import { runProgram } from "./run-program.ts";

const storeType = ({ format }: StoreToRead): string => (format === "jks" ? "JKS" : "PKCS12");

/** Text in UTF-8; and a machine that is there for a second only needs no threads to collect its garbage. */
const quick = [
  "-Dfile.encoding=UTF-8",
  "-Dstdout.encoding=UTF-8",
  "-XX:+IgnoreUnrecognizedVMOptions",
  "-XX:+UseSerialGC",
];

/** "alias, Nov 24, 2026, trustedCertEntry, " and in the next line its fingerprint; an alias may hold commas. */
const listed =
  /^(.*), [A-Z][a-z]{2} \d{1,2}, \d{4}, (\w+),[^\n]*\n(?:Certificate fingerprint \(SHA-256\): ([0-9A-F:]+))?/gm;

export const keytool: ProgramReader = {
  reader: "keytool",
  title: "keytool",
  program: "keytool",
  // keytool has no version of its own to tell.
  version: null,
  command: (store) => `keytool -list -storetype ${storeType(store)} -keystore ${commandLine([store.path])}`,
  async read(store) {
    const words = ["-Duser.language=en", "-Duser.country=US", ...quick].map((word) => `-J${word}`);
    const { code, output } = await runProgram(
      "keytool",
      [...words, "-list", "-storetype", storeType(store), "-keystore", store.path],
      { input: `${store.password ?? ""}\n` },
    );
    const text = output.toString("utf8");
    if (code !== 0) throw new UnreadByProgram(lastLine(text));
    return [...text.matchAll(listed)].map(
      ([, alias = "", kind = "", print]): SeenEntry => ({
        alias,
        sha256: print?.replaceAll(":", "").toLowerCase() ?? null,
        trusted: kind === "trustedCertEntry",
        words: kind,
      }),
    );
  },
};

/** What a Java client does with its trust store: the issuers that its TrustManager accepts. */
const program = `
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.cert.X509Certificate;
import javax.net.ssl.*;

public class TrustCheck {
  public static void main(String[] words) throws Exception {
    String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    KeyStore store = KeyStore.getInstance(words[1]);
    try (InputStream file = new FileInputStream(words[0])) {
      store.load(file, line == null ? new char[0] : line.toCharArray());
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers())
      for (X509Certificate issuer : ((X509TrustManager) manager).getAcceptedIssuers()) {
        StringBuilder text = new StringBuilder();
        for (byte part : MessageDigest.getInstance("SHA-256").digest(issuer.getEncoded())) text.append(String.format("%02x", part));
        System.out.println(text);
      }
  }
}
`;

export const javaTrustManager: ProgramReader = {
  reader: "javaTrustManager",
  title: "Java's TrustManager",
  program: "javac",
  version: { words: ["-version"], pattern: /javac (\S+)/ },
  command: ({ path }) => `java -Djavax.net.ssl.trustStore=${commandLine([path])} ...`,
  async read(store) {
    const source = join(store.scratch, "TrustCheck.java");
    await writeFile(source, program);
    const { code, output, errors } = await runProgram("java", [...quick, source, store.path, storeType(store)], {
      input: `${store.password ?? ""}\n`,
    });
    if (code !== 0) throw new UnreadByProgram(/Exception[^\n]*/.exec(errors)?.[0] ?? lastLine(errors));
    return output
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((sha256): SeenEntry => ({ alias: "", sha256, trusted: true, words: "accepted issuer" }));
  },
};

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
