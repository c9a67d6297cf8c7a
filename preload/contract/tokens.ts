import { z } from "zod";
import { type Domain, event, request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { address, moduleId, pin, tokenRef, version } from "./shared.ts";

/**
 * A PIN's state as the token's flags tell it. Never a number of tries: PKCS#11 has none. "none": the token has no
 * such PIN and needs none (CKF_LOGIN_REQUIRED is not set, and it takes no PIN of any length).
 */
export const pinState = z.object({
  state: z.enum([
    "none",
    "not set",
    "set",
    "some tries used",
    "final try",
    "locked",
    "must be changed",
    "on the reader",
  ]),
  /** The same in words, with what to do. */
  words: z.string(),
});
export type PinState = z.infer<typeof pinState>;

/** A size in bytes, or null where the token says CK_UNAVAILABLE_INFORMATION. */
const memory = z.number().nullable();
export const loginState = z.enum(["none", "user", "so"]);

export const tokenRow = z.object({
  ref: tokenRef,
  serial: z.string(),
  /** Trimmed of padding; characters that cannot be shown are escaped (\n, \x00, \xff). */
  label: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  flags: z.array(z.string()),
  initialised: z.boolean(),
  writeProtected: z.boolean(),
  loginRequired: z.boolean(),
  pinPad: z.boolean(),
  userPin: pinState,
  soPin: pinState,
  pinLength: z.object({ min: z.number(), max: z.number() }),
  memory: z.object({ publicTotal: memory, publicFree: memory, privateTotal: memory, privateFree: memory }),
  /** null: not reported. A maximum of 0 means no limit (CK_EFFECTIVELY_INFINITE). */
  sessions: z.object({ open: memory, max: memory, readWriteOpen: memory, readWriteMax: memory }),
  hardwareVersion: version,
  firmwareVersion: version,
  utcTime: z.string().nullable(),
  login: loginState,
  /** RFC 7512. */
  uri: z.string(),
});
export type TokenRow = z.infer<typeof tokenRow>;

export const slotRow = z.object({
  slot: z.number().int(),
  description: z.string(),
  manufacturer: z.string(),
  hardwareVersion: version,
  firmwareVersion: version,
  flags: z.array(z.string()),
  removable: z.boolean(),
  hardware: z.boolean(),
  /** null: the slot is empty, or its token could not be read (then `error`). */
  token: tokenRow.nullable(),
  error: errorData.nullable(),
});
export type SlotRow = z.infer<typeof slotRow>;

export const mechanismRow = z.object({
  mechanism: z.number(),
  name: z.string(),
  minKeySize: z.number(),
  maxKeySize: z.number(),
  /** Key sizes are bits for RSA and EC, bytes for most symmetric mechanisms, and without sense for some. */
  unit: z.enum(["bits", "bytes", "none"]),
  flags: z.array(z.string()),
  error: z.string().nullable(),
});
export type MechanismRow = z.infer<typeof mechanismRow>;

export const pinWho = z.enum(["user", "so"]);
/**
 * Typed by the user where a last try (the token's label, or its serial where it has none) or a loss (label and
 * serial) is at stake. `details.expected` of CONFIRMATION_NEEDED has the text.
 */
const confirmation = z.string().optional().meta({ title: "Typed confirmation" });

export const tokens = {
  requests: {
    slots: request({
      summary: "Every slot of a module, also empty ones, with its token's information.",
      runs: "host",
      input: z.object({ module: moduleId }),
      output: z.object({ slots: z.array(slotRow) }),
    }),
    mechanisms: request({
      summary: "The mechanisms of a token with flags and key sizes.",
      runs: "host",
      input: z.object(address),
      output: z.object({ mechanisms: z.array(mechanismRow) }),
    }),
    pinPrompt: request({
      summary: "Reads the flags anew and says whether and how a PIN may be asked for now.",
      runs: "host",
      input: z.object({ ...address, who: pinWho }),
      output: z.object({
        pinPad: z.boolean(),
        state: pinState,
        mayTry: z.boolean(),
        /** Why C_Login would prove nothing on this device, where only that is so (SmartCard-HSM and the SO PIN). */
        loginRefused: z.string().nullable(),
        /** Text to be typed before this try, at CKF_xxx_PIN_FINAL_TRY. */
        confirmation: z.string().nullable(),
        minLength: z.number(),
        maxLength: z.number(),
      }),
    }),
    login: request({
      summary: "C_Login as user or SO. One try, never repeated.",
      runs: "host",
      changes: true,
      limitSeconds: 120,
      input: z.object({ ...address, who: pinWho, pin: pin("PIN"), confirmation }),
      output: tokenRow,
    }),
    /** The window tells it while keys or buttons are pressed on the token's screen and in its dialogs. */
    used: request({
      summary:
        "Says that somebody works with the token: puts off its logout on idle time. Calls no function of the module.",
      runs: "host",
      input: z.object(address),
      output: z.object({}),
    }),
    logout: request({ summary: "C_Logout.", runs: "host", changes: true, input: z.object(address), output: tokenRow }),
    initialisePreview: request({
      summary: "What C_InitToken would destroy on a token, and the text to be typed for it.",
      runs: "host",
      input: z.object(address),
      output: z.object({
        label: z.string(),
        serial: z.string(),
        initialised: z.boolean(),
        /** Objects that can be seen now; private ones only after login. */
        objects: z.number().int(),
        byClass: z.record(z.string(), z.number().int()),
        privateCounted: z.boolean(),
        soPin: pinState,
        pinPad: z.boolean(),
        minLength: z.number(),
        maxLength: z.number(),
        /** Label and serial, one blank between them; null for a token that was never initialised: nothing is lost. */
        confirmation: z.string().nullable(),
      }),
    }),
    initialise: request({
      summary: "C_InitToken: destroys every object, sets label and SO PIN.",
      runs: "host",
      changes: true,
      limitSeconds: 120,
      input: z.object({
        ...address,
        /** At most 32 bytes of UTF-8; padded with blanks by the app. */
        label: z.string().min(1),
        soPin: pin("SO PIN"),
        confirmation,
        /** The count that the user saw; if the token now has another, nothing is done. */
        objects: z.number().int().optional(),
      }),
      output: tokenRow,
    }),
    /** The SO is logged in meanwhile, so a user who was logged in is logged out; an SO who was stays logged in. */
    setUserPin: request({
      summary: "C_InitPIN with the SO PIN: sets the first user PIN, or a new one for a locked or forgotten PIN.",
      runs: "host",
      changes: true,
      limitSeconds: 120,
      input: z.object({ ...address, soPin: pin("SO PIN"), newPin: pin("New user PIN"), confirmation }),
      output: tokenRow,
    }),
    /** A user's login outlives the change of the user PIN; for the SO PIN the same holds as for setUserPin. */
    changePin: request({
      summary: "C_SetPIN: changes the user PIN or the SO PIN, knowing the old one.",
      runs: "host",
      changes: true,
      limitSeconds: 120,
      input: z.object({ ...address, who: pinWho, oldPin: pin("Old PIN"), newPin: pin("New PIN"), confirmation }),
      output: tokenRow,
    }),
  },
  events: {
    changed: event("Slots or tokens of a module changed.", z.object({ module: moduleId, slots: z.array(slotRow) })),
    loggedOut: event(
      "A login ended without the user asking for it.",
      z.object({ module: moduleId, token: tokenRef, reason: z.enum(["idle", "removed", "host ended"]) }),
    ),
  },
} satisfies Domain;
