import { existsSync } from "node:fs";
import { chmod, chown, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtNatives } from "../../main/recording/natives.ts";
import { RunFolder } from "../../main/recording/run-folder.ts";
import { leaksBelow, leaksIn } from "../harness/leaks.ts";
import {
  openWorkbench,
  programPins,
  type Recorded,
  readRecordings,
  softhsm,
  startProgram,
  type Workbench,
} from "../harness/recorded.ts";

/** Other programs, recorded as they are configured, through the audit interface of the dynamic loader. */

const engineFolders = ["x86_64", "aarch64"].map((machine) => `/usr/lib/${machine}-linux-gnu/engines-3`);
const engine = engineFolders.map((folder) => join(folder, "pkcs11.so")).find((path) => existsSync(path));

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const functionsOf = ({ calls }: Recorded): string[] => calls.map(({ f }) => f);
const ofSofthsm = (recordings: Recorded[]): Recorded => {
  const found = recordings.find(({ header }) => String(header["module"]).endsWith("libsofthsm2.so"));
  if (!found) throw new Error(`SoftHSM is not among ${recordings.map(({ header }) => header["module"])}`);
  return found;
};

describe("a program that is told nothing of the spy has the same result, and its calls are recorded:", () => {
  test("pkcs11-tool", async () => {
    const command = ["pkcs11-tool", "--module", softhsm, "--login", "--pin", "env:TEST_PIN", "--list-objects"];
    const plain = bench.plain(command);
    const traced = bench.traced(command);
    expect(traced.stdout).toBe(plain.stdout);
    expect(traced.status).toBe(0);
    expect(traced.stdout).toContain("signer");
    const [recorded, ...others] = await bench.fresh();
    expect(others).toEqual([]);
    expect(recorded?.header).toMatchObject({ exe: "/usr/bin/pkcs11-tool", level: 0 });
    const functions = functionsOf(ofSofthsm(recorded ? [recorded] : []));
    expect(functions).toEqual(expect.arrayContaining(["C_Initialize", "C_Login", "C_FindObjects", "C_Finalize"]));
    expect(traced.stderr).toMatch(/Recorded \/usr\/bin\/pkcs11-tool \(process \d+\), .*libsofthsm2\.so/);
    expect(traced.stderr).toMatch(new RegExp(`${recorded?.calls.length} calls, .*logins: 1 ok, 0 failed`));
    expect(traced.stderr).toContain(join(bench.traces, recorded?.name ?? "?"));
  });

  test("p11tool, which loads every module of p11-kit's configuration: one recording each", async () => {
    const command = ["p11tool", "--list-tokens"];
    const plain = bench.plain(command);
    const traced = bench.traced(command);
    expect(traced.stdout).toBe(plain.stdout);
    expect(traced.stdout).toContain("token=Traced");
    const recordings = await bench.fresh();
    const modules = recordings.map(({ header }) => header["module"]);
    expect(new Set(modules).size).toBe(modules.length);
    expect(modules).toEqual(expect.arrayContaining([expect.stringContaining("p11-kit-trust.so")]));
    expect(functionsOf(ofSofthsm(recordings))).toContain("C_GetTokenInfo");
    expect(new Set(recordings.map(({ header }) => header["pid"])).size).toBe(1);
  });

  test("ssh-keygen -D", async () => {
    const command = ["ssh-keygen", "-D", softhsm];
    const plain = bench.plain(command);
    const traced = bench.traced(command);
    expect(traced.stdout).toBe(plain.stdout);
    expect(traced.stdout).toMatch(/^ssh-rsa /);
    expect(functionsOf(ofSofthsm(await bench.fresh()))).toContain("C_GetAttributeValue");
  });

  test("keytool with SunPKCS11", async () => {
    const provider = join(bench.folder, "java.cfg");
    await writeFile(provider, `name = Traced\nlibrary = ${softhsm}\nslotListIndex = 0\n`);
    const store = ["-keystore", "NONE", "-storetype", "PKCS11", "-storepass:env", "TEST_PIN"];
    const command = [
      "keytool",
      "-list",
      ...store,
      "-providerClass",
      "sun.security.pkcs11.SunPKCS11",
      "-providerArg",
      provider,
    ];
    const plain = bench.plain(command);
    const traced = bench.traced(command);
    expect(traced.stdout).toBe(plain.stdout);
    expect(traced.stdout).toContain("SunPKCS11-Traced");
    expect(traced.status).toBe(0);
    const recorded = ofSofthsm(await bench.fresh());
    expect(recorded.header["exe"]).toMatch(/\/keytool$/);
    expect(functionsOf(recorded)).toEqual(expect.arrayContaining(["C_GetMechanismInfo", "C_Login"]));
  });

  test.skipIf(!engine)("openssl s_client with a client key on the token, through the PKCS#11 engine", async () => {
    const configuration = join(bench.folder, "openssl.cnf");
    await writeFile(
      configuration,
      [
        "openssl_conf = init\n[init]\nengines = engines\n[engines]\npkcs11 = section",
        `[section]\nengine_id = pkcs11\ndynamic_path = ${engine}\nMODULE_PATH = ${softhsm}\nPIN = ${programPins.user}\ninit = 0`,
        "[req]\ndistinguished_name = name\n[name]\n",
      ].join("\n"),
    );
    const more = { OPENSSL_CONF: configuration };
    const file = (name: string) => join(bench.folder, name);
    const key = "pkcs11:token=Traced;object=signer;type=private";
    const byEngine = ["-engine", "pkcs11", "-keyform", "engine", "-key", key];
    const made = [
      bench.plain(
        ["openssl", "req", "-new", "-x509", "-subj", "/CN=client", ...byEngine, "-out", file("client.pem")],
        more,
      ),
      bench.plain(
        [
          "openssl",
          "req",
          "-new",
          "-x509",
          "-subj",
          "/CN=server",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-keyout",
          file("server.key"),
          "-out",
          file("server.pem"),
        ],
        more,
      ),
    ];
    expect(made.map(({ status }) => status)).toEqual([0, 0]);
    const port = await freePort();
    const serving = ["s_server", "-accept", String(port), "-cert", file("server.pem"), "-key", file("server.key")];
    const server = startProgram(
      ["openssl", ...serving, "-Verify", "1", "-CAfile", file("client.pem"), "-www"],
      bench.environment,
    );
    try {
      await listening(port);
      const asking = [
        "s_client",
        "-connect",
        `localhost:${port}`,
        "-cert",
        file("client.pem"),
        "-CAfile",
        file("server.pem"),
      ];
      const traced = bench.traced(["openssl", ...asking, ...byEngine], [], more);
      expect(traced.stdout).toContain("Verify return code: 0 (ok)");
      expect(traced.stdout).not.toContain("alert");
      const functions = functionsOf(ofSofthsm(await bench.fresh()));
      expect(functions).toEqual(expect.arrayContaining(["C_Login", "C_SignInit", "C_Sign"]));
    } finally {
      await server.close();
    }
  });
});

describe("whatever the program does", () => {
  test("its exit code is passed on, and standard output is its own", () => {
    const { status, stdout, stderr } = bench.traced(["sh", "-c", "echo out; exit 7"]);
    expect([status, stdout]).toEqual([7, "out\n"]);
    expect(stderr).toContain("Nothing was recorded: the program loaded no PKCS#11 module.");
  });

  test("a signal that ends it gives the shell's code", () => {
    expect(bench.traced(["sh", "-c", "kill -TERM $$"]).status).toBe(143);
  });

  test("a program that is not there gives 127 and its name", () => {
    const { status, stderr } = bench.traced(["no-such-program"]);
    expect(status).toBe(127);
    expect(stderr).toContain("no-such-program: There is no such program");
  });

  test("the programs that it starts are recorded as well", async () => {
    const { stderr } = bench.traced([
      "sh",
      "-c",
      `pkcs11-tool --module ${softhsm} -L; pkcs11-tool --module ${softhsm} -T; true`,
    ]);
    expect(await bench.fresh()).toHaveLength(2);
    expect(stderr.match(/Recorded \/usr\/bin\/pkcs11-tool/g)).toHaveLength(2);
  });

  test("a module that it opens, closes and opens again stays recorded", async () => {
    const source = join(bench.folder, "twice.c");
    await writeFile(source, opensTwice);
    const program = join(bench.folder, "twice");
    expect(bench.plain(["gcc", "-o", program, source]).stderr).toBe("");
    expect(bench.traced([program, softhsm]).status).toBe(0);
    const functions = (await bench.fresh()).flatMap(functionsOf);
    expect(functions.filter((name) => name === "C_Initialize")).toHaveLength(2);
  });

  test("a spy that is damaged keeps nothing from working, and the module is told as not recorded", async () => {
    const damaged = join(bench.folder, "damaged-spy.so");
    await writeFile(damaged, (await readFile(builtNatives.spy)).subarray(0, 100_000));
    const run = await RunFolder.make(join(bench.folder, "runs"), {
      traces: bench.traces,
      level: 0,
      modules: [],
      natives: { ...builtNatives, spy: damaged },
    });
    const command = ["pkcs11-tool", "--module", softhsm, "--list-slots"];
    expect(bench.plain(command, run.environment({}))).toEqual(bench.plain(command));
    const seen = await run.seen();
    expect(seen.modules).toMatchObject([{ recorded: false, why: expect.stringContaining("damaged") }]);
    expect(await bench.fresh()).toEqual([]);
    expect(await run.remove()).toBe(true);
  });

  test("NSS' own key store is left alone, since NSS uses more of it than PKCS#11 has", async () => {
    const nss = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"]
      .flatMap((folder) => [join(folder, "libsoftokn3.so"), join(folder, "nss/libsoftokn3.so")])
      .find((path) => existsSync(path));
    if (!nss) throw new Error("NSS is not installed");
    const { stderr } = bench.traced(["pkcs11-tool", "--module", nss, "--list-slots"]);
    expect(stderr).toContain("libsoftokn3.so was not recorded: NSS uses more");
  });

  test("p11-kit's proxy is left alone, and the modules behind it are recorded once each", async () => {
    const proxy = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
      .map((folder) => join(folder, "p11-kit-proxy.so"))
      .find((path) => existsSync(path));
    if (!proxy) throw new Error("p11-kit's proxy is not installed");
    const { stderr, status } = bench.traced(["pkcs11-tool", "--module", proxy, "--list-slots"]);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /libp11-kit\.so\S* was not recorded: it passes calls on; the modules behind it are recorded/,
    );
    const modules = (await bench.fresh()).map(({ header }) => String(header["module"]));
    expect(modules.filter((module) => module.endsWith("libsofthsm2.so"))).toHaveLength(1);
    expect(modules.some((module) => module.includes("p11-kit.so"))).toBe(false);
  });

  test("a PIN in its arguments is warned of, and shown nowhere", async () => {
    const { stderr } = bench.traced(["pkcs11-tool", "--module", softhsm, "--login", "--pin", programPins.user, "-O"]);
    expect(stderr).toContain("has a PIN or password in its arguments (--pin)");
    expect(leaksIn(stderr, programPins)).toEqual([]);
  });

  test("the folder for the recording and a level may be chosen", async () => {
    const folder = join(bench.folder, "chosen");
    await mkdir(folder, { mode: 0o700 });
    bench.traced(["pkcs11-tool", "--module", softhsm, "-L"], ["--dir", folder, "--level", "1"]);
    expect((await readRecordings(folder)).map(({ header }) => header["level"])).toEqual([1]);
  });

  test("what the run needed is gone afterwards, unless it is to be kept", async () => {
    expect(await readdir(join(bench.dataFolder, "spy/runs"))).toEqual([]);
    const { stderr } = bench.traced(["pkcs11-tool", "--module", softhsm, "-L"], ["--keep"]);
    const [, kept = ""] = /Kept: (.+)/.exec(stderr) ?? [];
    expect(await readFile(join(kept, "seen"), "utf8")).toMatch(/^traced\t\d+\t.*libsofthsm2\.so\t/m);
  });
});

describe("where it cannot work, the program runs and the reason is said:", () => {
  const run = async (program: string) => {
    const { status, stderr } = bench.traced([program]);
    return { status, stderr };
  };

  test("a statically linked program", async () => {
    const source = join(bench.folder, "static.c");
    const program = join(bench.folder, "static");
    await writeFile(source, "int main(void) { return 3; }\n");
    expect(bench.plain(["gcc", "-static", "-o", program, source]).stderr).toBe("");
    const { status, stderr } = await run(program);
    expect(status).toBe(3);
    expect(stderr).toContain("Not recorded. The program is statically linked");
  });

  test.skipIf(process.getuid?.() !== 0)("a setuid program", async () => {
    const program = join(bench.folder, "setuid");
    await copyFile("/bin/true", program);
    await chown(program, 65534, 65534);
    await chmod(program, 0o4755);
    const { status, stderr } = await run(program);
    expect(status).toBe(0);
    expect(stderr).toContain("Not recorded. The program runs with another user's rights (setuid)");
  });

  test("a program of another C library", async () => {
    const program = join(bench.folder, "musl");
    const bytes = await readFile("/bin/true");
    const at = bytes.indexOf("/lib64/ld-linux");
    expect(at).toBeGreaterThan(0);
    bytes.fill(0, at, bytes.indexOf(0, at));
    bytes.write("/lib/ld-musl-x86_64.so.1", at);
    await writeFile(program, bytes, { mode: 0o755 });
    expect((await run(program)).stderr).toContain("another C library (musl");
  });

  test("a script for such a program", async () => {
    const program = join(bench.folder, "script");
    await writeFile(program, `#!${join(bench.folder, "static")}\n`, { mode: 0o755 });
    expect((await run(program)).stderr).toMatch(/It is a script for .*static\. The program is statically linked/);
  });

  test("a snap's or a Flatpak's launcher", async () => {
    for (const [name, text] of [
      ["snap-wrapper", '#!/bin/sh\nexec /snap/bin/firefox "$@"\n'],
      ["flatpak-wrapper", "#!/bin/sh\ntest 1 = 2 && flatpak run org.example.App\n"],
    ] as const)
      await writeFile(join(bench.folder, name), text, { mode: 0o755 });
    expect((await run(join(bench.folder, "snap-wrapper"))).stderr).toContain("It is a snap");
    expect((await run(join(bench.folder, "flatpak-wrapper"))).stderr).toContain("It is a Flatpak");
  });
});

test("no PIN is in any file that recording wrote", async () => {
  const { found, files } = await leaksBelow(bench.dataFolder, programPins);
  expect(files).toBeGreaterThan(8);
  expect(found).toEqual([]);
});

/** Initialises and finalises a module twice, closing the library in between. */
const opensTwice = `
#include <dlfcn.h>
#include <stddef.h>
typedef struct { unsigned char version[2]; unsigned long (*initialize)(void *), (*finalize)(void *); } functions;
int main(int count, char **words) {
  for (int n = 0; n < 2; n++) {
    void *library = dlopen(words[count - 1], RTLD_NOW);
    if (!library) return 1;
    unsigned long (*get)(functions **) = (unsigned long (*)(functions **))dlsym(library, "C_GetFunctionList");
    functions *list;
    if (get(&list) || list->initialize(NULL) || list->finalize(NULL)) return 2;
    dlclose(library);
  }
  return 0;
}
`;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const listening = async (port: number): Promise<void> => {
  for (let left = 100; left > 0; left--) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "localhost", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the server does not listen");
};
