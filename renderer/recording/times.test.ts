import { expect, test } from "vitest";
import { ago } from "./times.ts";

const now = Date.parse("2026-03-10T12:00:00Z");

test.each([
  ["2026-03-10T11:59:30Z", "just now"],
  ["2026-03-10T11:59:00Z", "1 minute ago"],
  ["2026-03-10T11:00:01Z", "59 minutes ago"],
  ["2026-03-10T11:00:00Z", "1 hour ago"],
  ["2026-03-09T12:00:01Z", "23 hours ago"],
  ["2026-03-09T12:00:00Z", "1 day ago"],
  ["2026-01-01T12:00:00Z", "68 days ago"],
  // A clock that was set back.
  ["2026-03-10T12:05:00Z", "just now"],
  ["", ""],
])("%s was %s", (time, words) => expect(ago(time, now)).toBe(words));
