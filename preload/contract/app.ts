import { z } from "zod";
import { type Domain, event, request } from "./declare.ts";
import { address, base64 } from "./shared.ts";

export const settings = z.object({
  /** Minutes without a request to a token (the window sends `tokens.used` while somebody works with it) after which its login ends; 0: never. */
  idleLogoutMinutes: z.number().int().min(0).max(1440),
  theme: z.enum(["system", "light", "dark"]),
  /** Seconds between looks for inserted and removed tokens. */
  pollSeconds: z.number().min(0.5).max(60),
  /** Folder for files that the app writes: the one that was used last, if no other is set. May start with ~/. */
  exportFolder: z.string(),
  /** The token that was chosen last; the window opens with it. */
  lastToken: z.object(address).nullable(),
  /** Days before the end of a certificate at which the overview and the calendar warn. */
  expiryWarningDays: z.array(z.number().int().min(1).max(3650)).min(1).max(10),
  /** Files and folders whose certificates are in the overview beside those on tokens. */
  expiryWatched: z.array(z.string()).max(1000),
});
export type Settings = z.infer<typeof settings>;

/** Version, shell and folders; settings; cancelling. */
export const app = {
  requests: {
    info: request({
      summary: "Version, shell, data folder.",
      runs: "main",
      input: z.object({}),
      output: z.object({
        version: z.string(),
        shell: z.enum(["electron", "browser", "terminal"]),
        dataFolder: z.string(),
        platform: z.string(),
      }),
    }),
    settings: request({ summary: "The settings.", runs: "main", input: z.object({}), output: settings }),
    setSettings: request({
      summary: "Changes some settings.",
      runs: "main",
      changes: true,
      input: settings.partial(),
      output: settings,
    }),
  },
  events: {
    settingsChanged: event("The settings changed.", settings),
  },
} satisfies Domain;

/** Files that the app writes for the user. */
export const files = {
  requests: {
    save: request({
      summary: "Writes a file into a folder. Never replaces one: a number is added to the name.",
      runs: "main",
      changes: true,
      input: z.object({
        /** Absolute, or from the user's own folder on (~/keys); the export folder of the settings if absent. */
        folder: z.string().min(1).optional(),
        /** Without it a folder that is not there is an error (FOLDER_MISSING). */
        createFolder: z.boolean().default(false),
        fileName: z.string().min(1).max(200),
        content: base64,
      }),
      output: z.object({ path: z.string(), size: z.number() }),
    }),
    browse: request({
      summary: "Folders and files in a folder, for choosing a log.",
      runs: "main",
      input: z.object({
        /** Absolute, or from the user's own folder on (~/logs); "" is that folder. */
        folder: z.string(),
      }),
      output: z.object({
        folder: z.string(),
        parent: z.string().nullable(),
        entries: z.array(
          z.object({ name: z.string(), path: z.string(), kind: z.enum(["folder", "file"]), size: z.number() }),
        ),
      }),
    }),
  },
  events: {},
} satisfies Domain;

/** The words of other tools for what a request does. */
export const commands = {
  requests: {
    equivalent: request({
      summary: "The pkcs11-tool (or other) command lines that do what a request would, never with a PIN in them.",
      runs: "main",
      input: z.object({
        /** Name of a request, e.g. "tokens.initialise". */
        request: z.string(),
        /**
         * Its input, as far as it is known: fields may be absent or empty, but a field that the request does not have, or
         * a value that it would refuse, is an error. Secret fields are of no use. An object may be given as objects.list
         * has it (with keyType and curve), an item of a file with the `kind` of its preview.
         */
        input: z.record(z.string(), z.unknown()),
      }),
      output: z.object({
        commands: z.array(z.string()),
        /** Where the command is not quite the same, or none exists. */
        note: z.string().nullable(),
      }),
    }),
  },
  events: {},
} satisfies Domain;
