import { once } from "node:events";
import { createWriteStream } from "node:fs";

/** Writes a recording with many calls, some 100 bytes each, one in a thousand of which failed. */
export const writeRecording = async (path: string, calls: number): Promise<void> => {
  const file = createWriteStream(path, { mode: 0o600 });
  const start = 1764000000_000000000n;
  const header = {
    k: "header",
    v: 1,
    t: Number(start),
    mono: 0,
    zone: "+0000",
    spy: "0.1.0",
    pid: 4711,
    ppid: 1,
    uid: 1000,
    exe: "/usr/bin/signer",
    argv0: "signer",
    module: "/usr/lib/softhsm/libsofthsm2.so",
    moduleSize: 1,
    level: 0,
  };
  // A number of this size is written whole, which JSON.stringify would not do.
  file.write(`${JSON.stringify(header).replace(String(Number(start)), String(start))}\n`);
  for (let from = 0; from < calls; from += 10_000) {
    const lines: string[] = [];
    for (let s = from; s < Math.min(calls, from + 10_000); s++) {
      const rv = s % 1000 === 999 ? ',"r":"CKR_DEVICE_ERROR"' : "";
      const time = start + BigInt(s) * 20_000n;
      lines.push(
        `{"s":${s},"t":${time},"d":${1000 + ((s * 7919) % 15_000)},"T":${4711 + (s % 3)},"f":"C_GenerateRandom","h":${1 + (s % 4)}${rv},"i":{"ulRandomLen":16},"o":{"RandomData":{"len":16}}}`,
      );
    }
    if (!file.write(`${lines.join("\n")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
};
