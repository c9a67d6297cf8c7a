/** The hashes that signatures are made with. */
export type Hash = "sha256" | "sha384" | "sha512";

export const hashTitles: Record<Hash, string> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
/** Octets of each hash: the length of a PSS salt as everybody uses it (RFC 8017, 9.1; RFC 8446, 4.2.3). */
export const hashLengths: Record<Hash, number> = { sha256: 32, sha384: 48, sha512: 64 };
/** OIDs (RFC 5754, 2). */
export const hashOids: Record<Hash, string> = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
};
