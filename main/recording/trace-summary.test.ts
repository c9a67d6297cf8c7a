import { expect, test } from "vitest";
import { addLine, emptySummary, summaryText } from "./trace-summary.ts";

const summaryOf = (...lines: string[]) => {
  const summary = emptySummary();
  for (const line of lines) addLine(summary, line);
  return summary;
};

test("calls, return codes and logins are counted; begin lines and others are not calls", () => {
  const summary = summaryOf(
    '{"k":"header","v":1}',
    '{"b":0,"t":1,"T":1,"f":"C_Login","h":1}',
    '{"s":0,"t":1,"d":1,"T":1,"f":"C_Login","h":1,"r":"CKR_PIN_INCORRECT","i":{"userType":"CKU_USER"}}',
    '{"s":1,"t":1,"d":1,"T":1,"f":"C_Login","h":1,"i":{"userType":"CKU_USER"}}',
    '{"s":2,"t":1,"d":1,"T":1,"f":"C_GetSlotList","o":{}}',
    '{"k":"lost","t":1,"n":5,"why":"ENOSPC"}',
  );
  expect(summaryText(summary)).toBe("3 calls, 1 not CKR_OK (CKR_PIN_INCORRECT), logins: 1 ok, 1 failed, 5 calls lost");
});

test("text of a token that looks like a return code does not count", () => {
  const { errors } = summaryOf(
    '{"s":0,"t":1,"d":1,"T":1,"f":"C_GetTokenInfo","o":{"label":"\\",\\"r\\":\\"CKR_X\\""}}',
  );
  expect(errors.size).toBe(0);
});
