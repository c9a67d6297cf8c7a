import type { HandlersOf } from "../dispatch.ts";
import { folderPath } from "../files/folder.ts";
import type { Modules } from "../modules/modules.ts";
import { Failure } from "../pkcs11/failure.ts";
import type { SettingsFile } from "../settings/settings-file.ts";
import { calendarOf } from "./calendar.ts";
import { overviewOf } from "./overview.ts";
import { type AskHost, type Looked, tokenCertificates } from "./token-certificates.ts";

/** Seconds for one token to list its objects. */
const listSeconds = 300;

/** What reads key files is large, and loaded with the first look at one. */
const lookInto = async (path: string): Promise<Looked> =>
  (await import("./file-certificates.ts")).fileCertificates(path);

export const expiryHandlers = (
  modules: Modules,
  settings: SettingsFile,
  onSettings: (value: SettingsFile["value"]) => void,
): HandlersOf<"expiry"> => {
  const ask: AskHost = (module, name, input) => modules.call(module, name, input, listSeconds);
  const all = async () => {
    const { expiryWatched, expiryWarningDays: warningDays } = settings.value;
    const looked = await Promise.all([tokenCertificates(modules.rows(), ask), ...expiryWatched.map(lookInto)]);
    const now = new Date();
    const found = looked.flatMap((one) => one.found);
    return {
      now,
      warningDays,
      entries: overviewOf(found, now, warningDays),
      sources: looked.flatMap((one) => one.sources),
    };
  };
  const watch = async (watched: string[]) => {
    onSettings(await settings.change({ expiryWatched: watched }));
    return watched;
  };
  return {
    "expiry.overview": async () => {
      const { now, ...overview } = await all();
      return { now: now.toISOString(), ...overview };
    },
    "expiry.watch": async ({ path: written }) => {
      const path = folderPath(written);
      const { sources } = await lookInto(path);
      const [source] = sources;
      const [problem] = source?.problems ?? [];
      // What holds nothing readable is not worth a line that warns for ever.
      if (!source || (source.certificates === 0 && problem)) throw problem ? new Failure(problem) : new Error(path);
      const { expiryWatched } = settings.value;
      return { watched: await watch([...new Set([...expiryWatched, path])]), source };
    },
    "expiry.unwatch": async ({ path }) => ({
      watched: await watch(settings.value.expiryWatched.filter((one) => one !== path)),
    }),
    "expiry.calendar": async () => {
      const { now, warningDays, entries } = await all();
      const valid = entries.filter(({ severity }) => severity !== "expired" && severity !== "unknown");
      return {
        fileName: `certificates-${now.toISOString().slice(0, 10)}.ics`,
        mediaType: "text/calendar",
        text: calendarOf(valid, now, warningDays),
        count: valid.length,
      };
    },
  };
};
