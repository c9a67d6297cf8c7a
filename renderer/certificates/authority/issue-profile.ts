import { certificatePresets, presetProfile } from "../../../preload/contract/certificate-presets.ts";
import type { CertificateProfile } from "../../../preload/contract/certificate-profile.ts";
import type { Output } from "../../../preload/contract/index.ts";

type ReadRequest = Output<"certificates.readRequest">;

/** What the CA's user has decided about a request. */
export interface Decisions {
  subject: string;
  /** "asked": key usage and the like as the request has them; else the name of a preset that overrides them. */
  preset: string;
  /** By OID: whether a requested extension is taken over. */
  taken: Record<string, boolean>;
}

/** Proposed: everything that can be taken over, but never a CA certificate just because somebody asks for one. */
export const decisionsFor = ({ subject, extensions, profile }: ReadRequest): Decisions => ({
  subject,
  preset: "asked",
  taken: Object.fromEntries(
    extensions.map(({ oid, part }) => [
      oid,
      part !== null && !(part === "basicConstraints" && profile.basicConstraints?.ca) && !dependsOnCa(part, profile),
    ]),
  ),
});

/** keyCertSign is for CAs only (RFC 5280 4.2.1.3): it goes with the CA flag. */
const dependsOnCa = (part: string, { keyUsage, basicConstraints }: CertificateProfile): boolean =>
  part === "keyUsage" && keyUsage.includes("keyCertSign") && basicConstraints?.ca === true;

/** Parts that a preset sets itself. */
const ofPresets: ReadonlySet<string> = new Set(["keyUsage", "extendedKeyUsage", "basicConstraints"]);

/** Whether a preset sets this extension, whatever the request asks for. */
export const overridden = (part: string | null, preset: string): boolean =>
  preset !== "asked" && part !== null && ofPresets.has(part);

/** What the certificate is to say. */
export const profileFor = (request: ReadRequest, { subject, preset, taken }: Decisions): CertificateProfile => {
  const { profile, extensions, keyType } = request;
  const wanted = (part: string) =>
    extensions.some((one) => one.part === part && taken[one.oid] === true && !overridden(one.part, preset));
  const chosen = certificatePresets.find(({ name }) => name === preset);
  return {
    subject,
    san: wanted("san") ? profile.san : [],
    keyUsage: wanted("keyUsage") ? profile.keyUsage : [],
    extendedKeyUsage: wanted("extendedKeyUsage") ? profile.extendedKeyUsage : [],
    basicConstraints: wanted("basicConstraints") ? profile.basicConstraints : { ca: false },
    ...(chosen && keyType && keyType !== "X25519" ? presetProfile(chosen, keyType) : {}),
    critical: chosen
      ? ["basicConstraints", "keyUsage"]
      : [...new Set([...profile.critical, "basicConstraints" as const])],
    extensions: profile.extensions.filter(({ oid }) => taken[oid] === true),
  };
};
