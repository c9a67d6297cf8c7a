import { expect, test } from "vitest";
import { rowAgain, taskAgain } from "./again.ts";
import { exampleRow } from "./example-row.ts";

const key = (handle: string, label = "a") => exampleRow({ handle, class: "privateKey", label, id: "01" });

test("an object is found again under the handle that a new login gave it", () => {
  expect(rowAgain(key("0x2"), [key("0x9"), key("0x3", "other")]).handle).toBe("0x9");
  expect(taskAgain({ kind: "delete", rows: [key("0x2")] }, [key("0x9")])).toMatchObject({ rows: [{ handle: "0x9" }] });
});

test("one of several with the same names is never guessed", () => {
  expect(rowAgain(key("0x2"), [key("0x8"), key("0x9")]).handle).toBe("0x2");
  expect(rowAgain(key("0x8"), [key("0x8"), key("0x9")]).handle).toBe("0x8");
  expect(rowAgain(key("0x2"), []).handle).toBe("0x2");
});
