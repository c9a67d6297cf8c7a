import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { CKA } from "../pkcs11/attributes.ts";
import { der, derOid } from "../pkcs11/der-write.ts";
import { publicKeyInfo } from "./public-key-info.ts";

const spki = (key: KeyObject): Buffer => key.export({ format: "der", type: "spki" });

test("an RSA key from modulus and exponent is what OpenSSL writes", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const values = new Map<number, Buffer>([
    [CKA.MODULUS, Buffer.from(n, "base64url")],
    [CKA.PUBLIC_EXPONENT, Buffer.from(e, "base64url")],
  ]);
  expect(publicKeyInfo("RSA", values)).toEqual(spki(publicKey));
});

test.each([
  ["prime256v1", "1.2.840.10045.3.1.7", 65],
  ["secp521r1", "1.3.132.0.35", 133],
  ["brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", 97],
  ["secp256k1", "1.3.132.0.10", 65],
])("an EC key on %s from parameters and point is what OpenSSL writes", (namedCurve, oid, length) => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve });
  const point = spki(publicKey).subarray(-length);
  const values = new Map<number, Buffer>([
    [CKA.EC_PARAMS, derOid(oid)],
    [CKA.EC_POINT, der(0x04, point)],
  ]);
  expect(publicKeyInfo("EC", values)).toEqual(spki(publicKey));
});

test("an Ed25519 key is the same from an OID, a curve name and a bare point", () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const point = spki(publicKey).subarray(-32);
  for (const params of [derOid("1.3.101.112"), der(0x13, Buffer.from("edwards25519"))])
    for (const value of [point, der(0x04, point)])
      expect(
        publicKeyInfo(
          "EC_EDWARDS",
          new Map<number, Buffer>([
            [CKA.EC_PARAMS, params],
            [CKA.EC_POINT, value],
          ]),
        ),
      ).toEqual(spki(publicKey));
});

test("missing or broken attributes give null, not a guess", () => {
  expect(publicKeyInfo("RSA", new Map())).toBeNull();
  expect(
    publicKeyInfo(
      "EC",
      new Map<number, Buffer>([
        [CKA.EC_PARAMS, derOid("1.2.840.10045.3.1.7")],
        [CKA.EC_POINT, Buffer.alloc(10)],
      ]),
    ),
  ).toBeNull();
});
