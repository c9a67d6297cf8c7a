import { expect, test } from "./harness/window.ts";

test("the window opens, and its bridge reaches the app", async ({ tokenglass }) => {
  await expect(tokenglass.page).toHaveTitle(/Tokenglass/);
  const info = await tokenglass.call("app.info", {});
  expect(info).toMatchObject({ shell: tokenglass.shell, dataFolder: tokenglass.dataFolder });
});

test("the embedded token is listed and becomes ready", async ({ tokenglass }) => {
  await expect
    .poll(async () => (await tokenglass.call("modules.list", {})).modules.map(({ id, state }) => ({ id, state })))
    .toEqual([{ id: "demo", state: "ready" }]);
});
