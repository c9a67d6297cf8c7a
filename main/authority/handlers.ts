import type { AuthorityFacts } from "../../preload/contract/certificate-issuing.ts";
import type { CheckedInput, EventData, EventName, HostRequestName, Output } from "../../preload/contract/index.ts";
import type { HandlersOf } from "../dispatch.ts";
import type { Modules } from "../modules/modules.ts";
import { commonNameIn } from "../objects/distinguished-name.ts";
import { fileNameFrom } from "../objects/file-name.ts";
import { Failure, failure } from "../pkcs11/failure.ts";
import { pem } from "../x509/pem.ts";
import { randomSerialNumber } from "../x509/serial-number.ts";
import { issuedOf, type Register, rowOf, shownOf, withIssued, withReleased, withRevoked } from "./register.ts";
import { noRegister, type Registers } from "./registers.ts";

type Emit = <E extends EventName>(name: E, data: EventData<E>) => void;

/** Seconds for one signature, a typed PIN on the reader's own pad included. */
const signSeconds = 120;

export const authorityHandlers = (modules: Modules, registers: Registers, emit: Emit): HandlersOf<"authority"> => {
  const ask = async <N extends HostRequestName>(name: N, input: CheckedInput<N>): Promise<Output<N>> => {
    const { module } = input as { module: string };
    const reply = await modules.call(module, name, input, signSeconds);
    if (!reply.ok) throw new Failure(reply.error);
    return reply.value as Output<N>;
  };
  const changeKept = (id: string, change: (kept: Register) => Register): Promise<Register> =>
    registers.update(id, (kept) => {
      if (!kept) throw noRegister(`register ${id}`);
      return change(kept);
    });
  const update = async (id: string, change: (kept: Register) => Register): Promise<Register> => {
    const next = await changeKept(id, change);
    emit("authority.changed", { id });
    return next;
  };
  const row = (kept: Register) => rowOf(kept, registers.fileOf(kept.id));

  return {
    "authority.list": async () => ({
      authorities: (await registers.all()).map(row).sort((a, b) => a.subject.localeCompare(b.subject)),
    }),
    "authority.register": async ({ id }) => {
      const kept = await registers.need(id);
      return { authority: row(kept), certificates: kept.issued.map(shownOf).reverse() };
    },
    "authority.issue": async (input) => {
      const { module, token, key, issuer } = input;
      const facts = await ask("certificates.authority", { module, token, key, issuer });
      // A register that cannot be read must be known before something is signed.
      const before = await registers.find(facts.id);
      const serialNumber = freshSerial(before);
      const made = await ask("certificates.issue", { ...input, serialNumber });
      const issued = {
        serialNumber: made.serialNumber,
        subject: made.subject,
        keyWords: made.keyWords,
        notBefore: made.notBefore,
        notAfter: made.notAfter,
        issuedAt: new Date().toISOString(),
        revoked: null,
        content: made.content,
      };
      const place = { module, token, key, issuer };
      const kept = await registers.update(facts.id, (now) =>
        withIssued({ ...(now ?? empty(facts, place)), ...factsOf(facts), place }, issued),
      );
      emit("authority.changed", { id: facts.id });
      const { content, pem: text, algorithm, warnings } = made;
      return { authority: row(kept), certificate: shownOf(issued), content, pem: text, algorithm, warnings };
    },
    "authority.revoke": async ({ id, serialNumber, reason }) => {
      const at = new Date().toISOString();
      return shownOf(
        issuedOf(await update(id, (kept) => withRevoked(kept, serialNumber, { at, reason })), serialNumber),
      );
    },
    "authority.release": async ({ id, serialNumber }) =>
      shownOf(issuedOf(await update(id, (kept) => withReleased(kept, serialNumber)), serialNumber)),
    "authority.revocationList": async (input) => {
      const { module, token, key, issuer, id } = input;
      const facts = await ask("certificates.authority", { module, token, key, issuer });
      if (facts.id !== id) throw otherAuthority(facts.subject);
      // The number is taken first: two lists never have the same one, even if one of them is not made.
      const taken = await changeKept(id, (kept) => ({ ...kept, listNumber: kept.listNumber + 1 }));
      return makeList(input, taken);
    },
    "authority.exportCertificate": async ({ id, serialNumber, format, chain }) => {
      const kept = await registers.need(id);
      const { content, subject } = issuedOf(kept, serialNumber);
      const ders = [content, ...(chain ? [kept.certificate] : [])].map((one) => Buffer.from(one, "base64"));
      return exported(commonNameIn(subject) ?? serialNumber, "CERTIFICATE", format, ders);
    },
    "authority.exportList": async ({ id, format }) => {
      const kept = await registers.need(id);
      if (!kept.list)
        throw failure("OBJECT_GONE", {
          where: kept.subject,
          message: "This CA has no revocation list yet.",
          remedy: "Make one first.",
        });
      return exported(commonNameIn(kept.subject) ?? id, "X509 CRL", format, [Buffer.from(kept.list.content, "base64")]);
    },
  };

  async function makeList(
    { id: _id, ...input }: CheckedInput<"authority.revocationList">,
    { id, issued, listNumber }: Register,
  ): Promise<Output<"authority.revocationList">> {
    const revoked = issued.flatMap(({ serialNumber, revoked }) => (revoked ? [{ serialNumber, ...revoked }] : []));
    const made = await ask("certificates.revocationList", {
      ...input,
      number: evenHex(listNumber),
      revoked,
    });
    const list = {
      number: listNumber,
      thisUpdate: made.thisUpdate,
      nextUpdate: made.nextUpdate,
      content: made.content,
    };
    const kept = await update(id, (now) => ({
      ...now,
      // A later list may be there already: the newest stays.
      list: now.list && now.list.number > listNumber ? now.list : list,
      listStale: !sameRevoked(now.issued, issued),
    }));
    const { content: _content, ...shown } = list;
    return { authority: row(kept), ...shown, revoked: revoked.length, content: made.content, pem: made.pem };
  }
};

const factsOf = ({ subject, notAfter, certificate }: AuthorityFacts) => ({ subject, notAfter, certificate });

const empty = (facts: AuthorityFacts, place: Register["place"]): Register => ({
  version: 1,
  id: facts.id,
  ...factsOf(facts),
  place,
  issued: [],
  listNumber: 0,
  list: null,
  listStale: false,
});

/** A random number that is not in the register yet. */
const freshSerial = (kept: Register | null): string => {
  for (;;) {
    const text = randomSerialNumber().toString("hex");
    if (!kept?.issued.some(({ serialNumber }) => serialNumber === text)) return text;
  }
};

const evenHex = (number: number): string => {
  const text = number.toString(16);
  return text.length % 2 === 0 ? text : `0${text}`;
};

const sameRevoked = (a: Register["issued"], b: Register["issued"]): boolean => {
  const revokedIn = (issued: Register["issued"]) =>
    JSON.stringify(issued.flatMap(({ serialNumber, revoked }) => (revoked ? [[serialNumber, revoked]] : [])));
  return revokedIn(a) === revokedIn(b);
};

const exported = (
  name: string,
  title: string,
  format: "pem" | "der",
  ders: Buffer[],
): { fileName: string; content: string; text: string | null } => {
  const list = title === "X509 CRL";
  if (format === "der") {
    const [first = Buffer.alloc(0)] = ders;
    return {
      fileName: fileNameFrom(name, "file", list ? ".crl" : ".cer"),
      content: first.toString("base64"),
      text: null,
    };
  }
  const text = ders.map((der) => pem(title, der)).join("");
  const fileName = fileNameFrom(list ? `${name}-crl` : name, "file", ".pem");
  return { fileName, content: Buffer.from(text).toString("base64"), text };
};

const otherAuthority = (subject: string) =>
  failure("INVALID_REQUEST", {
    where: subject,
    message: "This certificate is another CA's than the register's.",
    remedy: "Choose the key and certificate of the CA whose register it is.",
  });
