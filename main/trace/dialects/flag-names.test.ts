import { expect, test } from "vitest";
import type { TraceField } from "../../../preload/contract/trace.ts";
import { withFlagNames } from "./flag-names.ts";

const flags = (text: string): TraceField => ({ name: "flags", direction: "in", kind: "flags", text });

test("the same bits have other names in another function's structure", () => {
  expect(withFlagNames("C_OpenSession", [flags("0x6")])[0]?.text).toBe("0x6 (CKF_RW_SESSION, CKF_SERIAL_SESSION)");
  expect(withFlagNames("C_GetSlotInfo", [flags("0x6")])[0]?.text).toBe("0x6 (CKF_REMOVABLE_DEVICE, CKF_HW_SLOT)");
});

test("flags inside a structure are named; unknown bits stay a number; other values stay as they are", () => {
  const info: TraceField = {
    name: "pInfo",
    direction: "out",
    kind: "structure",
    text: "",
    fields: [flags("0x80000004")],
  };
  expect(withFlagNames("C_GetTokenInfo", [info])[0]?.fields?.[0]?.text).toBe(
    "0x80000004 (CKF_LOGIN_REQUIRED, 0x80000000)",
  );
  expect(withFlagNames("C_Sign", [flags("0x6")])).toEqual([flags("0x6")]);
  expect(withFlagNames("C_OpenSession", [{ ...flags("0x6"), kind: "number" }])[0]?.text).toBe("0x6");
});
