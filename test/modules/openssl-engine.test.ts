import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { breakages } from "../harness/consumers/breakages.ts";
import { brokenTokens } from "../harness/consumers/broken-tokens.ts";
import { consumersMissing, needsConsumers } from "../harness/consumers/installed.ts";
import { newAuthority } from "../harness/consumers/issue-certificate.ts";
import { Openssl } from "../harness/consumers/openssl.ts";
import { runProgram } from "../harness/consumers/run-program.ts";
import { newStore, type Store } from "../harness/consumers/store.ts";
import { startTlsServer } from "../harness/consumers/tls-server.ts";

/** The configuration of OpenSSL's engine that recipes give: every command that people need works with it. */

describe.skipIf(consumersMissing.length > 0)(
  "OpenSSL's commands with a token key through the engine",
  needsConsumers,
  () => {
    let store: Store;
    const authority = newAuthority();
    beforeAll(async () => {
      store = await newStore();
    });
    afterAll(() => store?.remove());

    test.each(["RSA", "P-256", "P-384"] as const)("%s", async (type) => {
      const [linked] = breakages.filter(({ name }) => name === "linked").map((breakage) => ({ breakage, type }));
      const [asked] = await brokenTokens(store, linked ? [linked] : [], authority);
      if (!asked?.question.certificate) throw new Error("no token was written");
      const openssl = await new Openssl(asked.question, store.folder).prepare();
      const file = (name: string) => openssl.file(name);
      const plain = (...args: string[]) => runProgram("openssl", args);
      const succeeds = async (ran: ReturnType<typeof plain>) => expect(await ran).toMatchObject({ status: 0 });
      await writeFile(file("message"), "hello\n");

      await succeeds(openssl.run("req", "-keyform", "-key", "-new", "-subj", "/CN=one", "-out", file("request.pem")));
      await succeeds(plain("req", "-verify", "-in", file("request.pem"), "-noout"));
      await succeeds(
        openssl.run("req", "-keyform", "-key", "-new", "-x509", "-subj", "/CN=ca", "-out", file("ca.pem")),
      );
      const issuing = ["-req", "-in", file("request.pem"), "-CA", file("ca.pem"), "-CAcreateserial"];
      await succeeds(openssl.run("x509", "-CAkeyform", "-CAkey", ...issuing, "-out", file("issued.pem")));
      await succeeds(plain("verify", "-CAfile", file("ca.pem"), file("issued.pem")));
      await succeeds(openssl.run("dgst", "-keyform", "-sign", "-sha256", "-out", file("signature"), file("message")));
      await succeeds(openssl.run("pkey", "-inform", "-in", "-pubout", "-out", file("public.pem")));
      const checking = ["-verify", file("public.pem"), "-signature", file("signature"), file("message")];
      await succeeds(plain("dgst", "-sha256", ...checking));
      const signing = ["-sign", "-signer", file("ca.pem"), "-in", file("message"), "-out", file("signed.pem")];
      await succeeds(openssl.run("cms", "-keyform", "-inkey", ...signing));
      const reading = ["-in", file("signed.pem"), "-CAfile", file("ca.pem"), "-purpose", "any", "-out", file("read")];
      await succeeds(plain("cms", "-verify", ...reading));
      const server = await startTlsServer(authority);
      expect(await openssl.connect(server, asked.question.certificate)).toBe("accepted");
      await server.close();
    });
  },
);
