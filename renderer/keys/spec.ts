import type { KeyKind, KeyOffer, KeySpec, PresetName } from "../../preload/contract/keys.ts";
import { parseHex } from "../objects/ids.ts";

/** What the form holds; a {@link KeySpec} is made of it once kind and preset are those that the token offers. */
export interface KeyForm {
  kind: KeyKind | null;
  preset: PresetName | null;
  size: number | null;
  curve: string | null;
  label: string;
  id: string;
  sensitive: boolean;
  extractable: boolean;
  alwaysAuthenticate: boolean;
  allowDuplicate: boolean;
}

export const emptyForm: KeyForm = {
  kind: null,
  preset: null,
  size: null,
  curve: null,
  label: "",
  id: "",
  sensitive: true,
  extractable: false,
  alwaysAuthenticate: false,
  allowDuplicate: false,
};

/** Sizes that are proposed: strong, and quick enough on a token. */
const proposedSizes: Partial<Record<KeyKind, number>> = { RSA: 3072, AES: 256, generic: 256 };

export interface Choice {
  offer: KeyOffer;
  preset: PresetName;
  size: number | undefined;
  curve: string | undefined;
}

/** What is chosen, completed by what is proposed; null if the token offers nothing. */
export const choiceOf = (form: KeyForm, offers: KeyOffer[]): Choice | null => {
  const offer = offers.find(({ kind }) => kind === form.kind) ?? offers[0];
  const preset = offer?.presets.find(({ name }) => name === form.preset) ?? offer?.presets[0];
  if (!offer || !preset) return null;
  const proposed = proposedSizes[offer.kind];
  const size =
    offer.sizes.find((one) => one === form.size) ?? offer.sizes.find((one) => one === proposed) ?? offer.sizes[0];
  const curve = offer.curves.find((one) => one === form.curve) ?? offer.curves[0];
  return { offer, preset: preset.name, size, curve };
};

export const isSecretKind = (kind: KeyKind): boolean => kind === "AES" || kind === "generic";

/** @returns null while the CKA_ID cannot be read. */
export const specOf = (form: KeyForm, { offer, preset, size, curve }: Choice): KeySpec | null => {
  const id = parseHex(form.id);
  if (id.problem !== null) return null;
  return {
    kind: offer.kind,
    ...(size === undefined ? {} : { size }),
    ...(curve === undefined ? {} : { curve }),
    preset,
    label: form.label,
    ...(id.hex === "" ? {} : { id: id.hex }),
    sensitive: form.sensitive,
    extractable: form.extractable,
    alwaysAuthenticate: form.alwaysAuthenticate && !isSecretKind(offer.kind),
    allowDuplicate: form.allowDuplicate,
  };
};
