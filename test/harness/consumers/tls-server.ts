import { once } from "node:events";
import { createServer, type TLSSocket } from "node:tls";
import type { Answer } from "./ask.ts";
import type { Authority } from "./issue-certificate.ts";

export interface TlsServer {
  port: number;
  /** What the last client showed and proved to have the key of, beside the certificate asked about. */
  seen(certificate: Buffer | null): Answer["client"];
  close(): Promise<void>;
}

/**
 * A TLS server on the loopback interface that asks for a client certificate of the authority and lets everybody in, so
 * that it can tell what came. It answers one line and closes.
 */
export const startTlsServer = async (authority: Authority): Promise<TlsServer> => {
  let last: { certificate: Buffer | null; authorized: boolean } | null = null;
  const server = createServer(
    {
      key: authority.server.key,
      cert: authority.server.pem,
      ca: authority.pem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (socket: TLSSocket) => {
      last = { certificate: socket.getPeerX509Certificate()?.raw ?? null, authorized: socket.authorized };
      socket.on("error", () => {});
      socket.end("seen\n");
    },
  );
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    seen: (certificate) => {
      if (!last?.certificate || !certificate) return "none";
      if (!last.certificate.equals(certificate)) return "another";
      return last.authorized ? "accepted" : "refused";
    },
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
};
