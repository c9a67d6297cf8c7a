import { expect, test } from "vitest";
import type { Action } from "./actions.tsx";
import { matching } from "./matching.ts";

const action = (title: string, more: Partial<Action> = {}): Action => ({
  id: title,
  title,
  group: "Token",
  run: () => {},
  ...more,
});
const titles = (actions: Action[], text: string) => matching(actions, text).map(({ title }) => title);

test("every typed word has to be in group or title, in any order", () => {
  const actions = [action("Log in as user"), action("Log in as SO…"), action("Settings", { group: "Go to" })];
  expect(titles(actions, "so log")).toEqual(["Log in as SO…"]);
  expect(titles(actions, "TOKEN")).toEqual(["Log in as user", "Log in as SO…"]);
  expect(titles(actions, "")).toHaveLength(3);
});

test("what cannot be done stands last if the reason can be told, and is left out otherwise", () => {
  const actions = [
    action("Change the SO PIN…", { disabled: true, why: "The token is write protected." }),
    action("Restart", { disabled: true }),
    action("Copy URI"),
  ];
  expect(titles(actions, "")).toEqual(["Copy URI", "Change the SO PIN…"]);
});

test("what is on screen stands before the ways elsewhere", () => {
  const actions = [
    action("Theme: dark", { group: "Window" }),
    action("Settings", { group: "Go to" }),
    action("Show the mechanisms", { group: "View" }),
    action("Delete", { group: "Chosen" }),
    action("Log in as user"),
  ];
  expect(titles(actions, "")).toEqual(["Delete", "Log in as user", "Show the mechanisms", "Settings", "Theme: dark"]);
});

test("the palette does not list itself", () => {
  expect(titles([action("Command palette", { unlisted: true })], "palette")).toEqual([]);
});
