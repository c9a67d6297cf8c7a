import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test("commas, quotes and line breaks are quoted as RFC 4180 wants it", () => {
  expect(
    csv(
      ["a", "b"],
      [
        ["x,y", 'say "hi"'],
        ["line\nbreak", "plain"],
      ],
    ),
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"line\nbreak",plain\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("%j cannot become a formula", (value) => {
  const line = csv(["a"], [[value]])
    .split("\r\n")
    .slice(1)
    .join("\r\n");
  expect(line.replace(/^"/, "").startsWith("'")).toBe(true);
});
