import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { wholeRecord } from "../dialects/dialect.ts";
import { openscDebug } from "../dialects/opensc-debug.ts";
import { contextFor, scanText } from "../dialects/scan-for-test.ts";
import { loginTrace, loginTraceOf } from "./login-trace.ts";

const eventsOf = (text: string) => {
  const calls = scanText(openscDebug, text).records.map((record, row) => {
    const { row: plain, ...context } = contextFor(record);
    const [time, duration] = [record.time, record.duration];
    return openscDebug.parse(wholeRecord(Buffer.from(record.text)), {
      ...context,
      row: {
        ...plain,
        row,
        kind: record.kind as "call",
        depth: record.depth,
        time: String(Math.round(time * 1000)),
        duration: Number.isNaN(duration) ? null : duration,
      },
    });
  });
  const pins = /^(C_Login|VERIFY|sc_pin_cmd)$/;
  return loginTraceOf(
    calls.filter(({ name }) => pins.test(name)),
    () => null,
  ).events;
};
const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../test/fixtures/opensc-debug/${name}`, import.meta.url)), "utf8");

it("OpenSC's PIN function and its command to the card are one try, with the card's counter", () => {
  expect(eventsOf(fixture("explorer-level-9-0.23.log"))).toMatchObject([
    { function: "VERIFY", rv: "9000" },
    { function: "VERIFY", rv: "63C2", triesLeft: 2, meaning: "Wrong PIN: 2 tries left." },
  ]);
});
it("the PIN function alone tells of a try whose command is hidden", () => {
  expect(eventsOf(fixture("explorer-level-3-0.23.log"))).toMatchObject([
    { function: "VERIFY", rv: "0" },
    { function: "VERIFY", rv: "-1214", meaning: "Wrong PIN." },
  ]);
});
it("the wrong PIN that was given at the last try is the one that locked", () => {
  const { verdicts } = loginTrace(fixtureView("opensc-debug/piv-blocked-pin-level3-0.23.log"));
  expect(verdicts).toMatchObject([{ outcome: "error" }]);
  expect(verdicts[0]?.text).toMatch(/locked the PIN with the wrong one in row (\d+)\. 2 wrong ones came before it/);
  expect(verdicts[0]?.text).not.toContain("first met locked");
});
it("what a C_Login does on the card is its own try, a later command another", () => {
  const line = (time: string, place: string, body: string) => `P:1; T:0x2 10:00:0${time} [app] ${place}: ${body}\n`;
  const verify = (time: string, word: string) =>
    line(time, "reader-pcsc.c:1:pcsc_transmit", "\nOutgoing APDU (9 bytes):\n00 20 00 81 04 31 32 33 34 . ...1234\n") +
    line(time, "reader-pcsc.c:2:pcsc_transmit", `\nIncoming APDU (2 bytes):\n${word} ..\n`);
  const login = "pkcs11-session.c:1:C_Login";
  const text = [
    line("0.000", login, "C_Login(0x55, 1)"),
    verify("0.010", "63 C1"),
    line("0.020", login, "fLogin() rv 160"),
    line("1.000", "pkcs11-session.c:2:C_Logout", "C_Logout(0x55)"),
    verify("2.000", "69 83"),
  ].join("");
  expect(eventsOf(text)).toMatchObject([
    { function: "C_Login", rv: "CKR_PIN_INCORRECT", triesLeft: 1 },
    { function: "VERIFY", rv: "6983", triesLeft: 0 },
  ]);
});
