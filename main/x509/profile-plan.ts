import { extendedKeyUsageOids } from "../../preload/contract/certificate-names.ts";
import type { AlternativeName, CertificateProfile } from "../../preload/contract/certificate-profile.ts";
import type { ProfileLine, ProfileProblem } from "../../preload/contract/certificate-requests.ts";
import { nameText } from "../objects/distinguished-name.ts";
import { Failure } from "../pkcs11/failure.ts";
import { profileExtensions, profileParts } from "./extensions.ts";
import { writtenName } from "./general-names.ts";
import { profileSubject } from "./name.ts";

export interface ProfilePlan {
  subject: string;
  lines: ProfileLine[];
  problems: ProfileProblem[];
  warnings: string[];
}

const titles: Record<AlternativeName["type"], string> = {
  dns: "DNS",
  ip: "IP",
  email: "e-mail",
  uri: "URI",
  upn: "UPN",
};

/** What a profile says in words, all that is wrong with it at once, and what is seldom meant. */
export const planProfile = (profile: CertificateProfile): ProfilePlan => {
  const problems: ProfileProblem[] = [];
  const trying = <T>(part: string, work: () => T): T | null => {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      problems.push({ part, message: thrown.data.message });
      return null;
    }
  };
  const subject = trying("subject", () => nameText(profileSubject(profile.subject))) ?? "";
  const san = profile.san.map((name, i) => trying(`san.${i}`, () => `${titles[name.type]} ${writtenName(name)}`));
  for (const { part, write } of profileParts(profile)) trying(part, write);
  if (problems.length === 0) trying("profile", () => profileExtensions(profile));
  return { subject, lines: linesOf(profile, san), problems, warnings: warningsOf(profile) };
};

const linesOf = (profile: CertificateProfile, san: (string | null)[]): ProfileLine[] => {
  const { basicConstraints, keyUsage, extendedKeyUsage, extensions } = profile;
  const critical = (name: CertificateProfile["critical"][number]) => profile.critical.includes(name);
  const lines: (ProfileLine | null)[] = [
    basicConstraints && {
      name: "Basic constraints",
      critical: critical("basicConstraints"),
      value: constraintWords(basicConstraints),
    },
    keyUsage.length === 0 ? null : { name: "Key usage", critical: critical("keyUsage"), value: keyUsage.join(", ") },
    extendedKeyUsage.length === 0
      ? null
      : {
          name: "Extended key usage",
          critical: critical("extendedKeyUsage"),
          value: extendedKeyUsage.join(", "),
        },
    san.length === 0
      ? null
      : {
          name: "Alternative names",
          critical: critical("subjectAltName") || profile.subject.trim() === "",
          value: san.map((name) => name ?? "?").join(", "),
        },
    ...extensions.map(({ oid, critical, value }) => ({ name: `Extension ${oid}`, critical, value })),
  ];
  return lines.filter((line) => line !== null);
};

const constraintWords = ({ ca, pathLength }: NonNullable<CertificateProfile["basicConstraints"]>): string =>
  ca ? (pathLength === undefined ? "a CA" : `a CA with at most ${pathLength} CAs below it`) : "no CA";

const warningsOf = ({ san, extendedKeyUsage, keyUsage, basicConstraints }: CertificateProfile): string[] => {
  const has = (...types: AlternativeName["type"][]) => san.some(({ type }) => types.includes(type));
  const isFor = (name: keyof typeof extendedKeyUsageOids) =>
    extendedKeyUsage.includes(name) || extendedKeyUsage.includes(extendedKeyUsageOids[name]);
  return [
    isFor("serverAuth") && !has("dns", "ip")
      ? "Browsers look for a server's name among the alternative names only: give a DNS name or an IP address."
      : null,
    isFor("emailProtection") && !has("email")
      ? "Mail programs look for the address among the alternative names."
      : null,
    isFor("smartcardLogon") && !has("upn") ? "A Windows domain finds the user by the UPN: give it." : null,
    basicConstraints?.ca && keyUsage.length > 0 && !keyUsage.includes("keyCertSign")
      ? "A CA whose key usage lacks keyCertSign signs no certificates."
      : null,
  ].filter((warning) => warning !== null);
};
