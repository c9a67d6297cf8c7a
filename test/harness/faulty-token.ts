import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestApp, testPins } from "./app.ts";
import { addNative } from "./native.ts";

/** A SoftHSM token, initialised and with the user logged in, behind a module with faults that can be switched on. */
export const faultyToken = async (app: TestApp, fault: string | string[]) => {
  const demo = (await app.call("modules.list", {})).modules.find(({ id }) => id === "demo");
  if (!demo) throw new Error("SoftHSM is not installed");
  const folder = join(app.dataFolder, `store-${Math.random().toString(36).slice(2)}`);
  const conf = `${folder}.conf`;
  await mkdir(folder);
  await writeFile(conf, `directories.tokendir = ${folder}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const switchFile = `${folder}.broken`;
  const settings = { forward: demo.path, "faults-while": switchFile, fault };
  const { id: module, state } = await addNative(app, "forward", settings, { SOFTHSM2_CONF: conf });
  if (state !== "ready") throw new Error(`the module is ${state}`);
  const { slots } = await app.call("tokens.slots", { module });
  const blank = slots[0]?.token;
  if (!blank) throw new Error("no slot");
  const begin = { module, token: blank.ref, label: "Faulty", soPin: testPins.so };
  const { ref: token } = await app.call("tokens.initialise", begin);
  await app.call("tokens.setUserPin", { module, token, soPin: testPins.so, newPin: testPins.user });
  await app.call("tokens.login", { module, token, who: "user", pin: testPins.user });
  return {
    at: { module, token },
    break: () => writeFile(switchFile, ""),
    repair: () => rm(switchFile),
  };
};
