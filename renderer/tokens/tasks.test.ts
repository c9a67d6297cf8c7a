import { describe, expect, test } from "vitest";
import type { PinState, TokenRow } from "../../preload/contract/tokens.ts";
import { type TokenTask, whyNot } from "./tasks.ts";

const all: TokenTask[] = ["login", "loginSo", "initialise", "setUserPin", "changeUser", "changeSo"];
const pin = (state: PinState["state"]): PinState => ({ state, words: `words for ${state}` });
const token = (more: Partial<TokenRow> = {}): TokenRow =>
  ({
    initialised: true,
    writeProtected: false,
    login: "none",
    userPin: pin("set"),
    soPin: pin("set"),
    ...more,
  }) as TokenRow;
const possible = (more: Partial<TokenRow>) => all.filter((task) => whyNot(task, token(more)) === null);

describe("what can be done", () => {
  test("with an ordinary token: everything", () => {
    expect(possible({})).toEqual(all);
  });

  test("with a write-protected token: log in as user, and each other task says why not", () => {
    expect(possible({ writeProtected: true })).toEqual(["login"]);
    for (const task of all.slice(1)) expect(whyNot(task, token({ writeProtected: true }))).toMatch(/write protected/);
  });

  test("with a token that needs no login: nothing with PINs", () => {
    const none = { userPin: pin("none"), soPin: pin("none") };
    expect(possible(none)).toEqual(["initialise"]);
    expect(possible({ ...none, writeProtected: true })).toEqual([]);
    expect(whyNot("login", token(none))).toMatch(/needs no login/);
  });

  test("with a new token: initialise it", () => {
    expect(possible({ initialised: false, userPin: pin("not set"), soPin: pin("not set") })).toEqual(["initialise"]);
  });

  test("without a user PIN: all but log in with it and change it", () => {
    expect(possible({ userPin: pin("not set") })).toEqual(["loginSo", "initialise", "setUserPin", "changeSo"]);
  });

  test("with a locked user PIN: the login explains it, and the SO PIN sets a new one", () => {
    expect(possible({ userPin: pin("locked") })).toEqual(["login", "loginSo", "initialise", "setUserPin", "changeSo"]);
  });

  test("with a locked SO PIN: what the user can do", () => {
    expect(possible({ soPin: pin("locked") })).toEqual(["login", "changeUser"]);
    expect(whyNot("initialise", token({ soPin: pin("locked") }))).toBe("words for locked");
  });

  test("while somebody is logged in: no second login", () => {
    for (const login of ["user", "so"] as const)
      expect(possible({ login })).toEqual(["initialise", "setUserPin", "changeUser", "changeSo"]);
  });
});
