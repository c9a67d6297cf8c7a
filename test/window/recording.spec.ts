import { writeFile } from "node:fs/promises";
import { heldByWindow } from "./harness/held-by-window.ts";
import { expect, screens, test } from "./harness/window.ts";
import { RecordingScreen } from "./screens/recording-screen.ts";
import { TokenScreen } from "./screens/token-screen.ts";

test("nothing is recorded yet: the screen says what to do, and what recording means before it begins", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const recording = new RecordingScreen(page);
  await recording.go();
  await expect(recording.region("This app")).toContainText("not recorded");
  await expect(recording.region("Recordings")).toContainText("Nothing has been recorded yet");
  await expect(recording.mark()).toBeHidden();
  await screens(page, "recording-empty");

  await recording.main.getByRole("button", { name: "Record this app…" }).click();
  await expect(recording.dialog).toContainText("PINs, passwords, secret and private keys, plain text");
  await expect(recording.dialog).toContainText("starts again, with the recorder in front");
  await expect(recording.dialog.getByRole("button", { name: /For how long/ })).toBeHidden();
  await recording.dialog.getByText("2 Ciphertext too").click();
  await expect(recording.dialog.getByText("For how long")).toBeVisible();
  await screens(page, "recording-start");
});

test("who is logged in is told that recording ends the login", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Ada");
  await token.setUserPin();
  await token.logIn();
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  const recording = new RecordingScreen(page);
  await recording.go();
  await recording.main.getByRole("button", { name: "Record this app…" }).click();
  await expect(recording.dialog).toContainText("Logins end: Ada");
});

test("the app records itself, says so on every screen, and stops from there", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const recording = new RecordingScreen(page);
  await recording.startOwn();
  await expect(recording.region("This app")).toContainText("recording, level 0, structure");
  await expect(recording.lines().first()).toContainText("Tokenglass");
  await expect(recording.lines().first()).toContainText("running");
  await screens(page, "recording-on");

  await page.getByRole("checkbox", { name: "Choose all recordings" }).check();
  await recording.main.getByRole("button", { name: "Delete…" }).click();
  await expect(recording.dialog).toContainText("The process is still running");
  await expect(recording.dialog.getByRole("button", { name: "Delete", exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await expect(recording.mark()).toContainText("Recording level 0");
  await page.getByRole("button", { name: "Stop recording" }).click();
  await expect(recording.mark()).toBeHidden();
  expect((await call("recording.state", {})).modules).toEqual([]);

  await recording.go();
  await expect(recording.lines().first()).not.toContainText("running");
  await page.getByRole("checkbox", { name: "Choose all recordings" }).check();
  await recording.main.getByRole("button", { name: "Delete…" }).click();
  await recording.dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(recording.region("Recordings")).toContainText("Nothing has been recorded yet");
});

test("a command is run and its calls are shown; PINs in it are warned of and hidden", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const recording = new RecordingScreen(page);
  await recording.go();
  await recording.run("pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --show-info");
  const runs = recording.region("Commands run here");
  await expect(runs).toContainText("exit code 0");
  await expect(runs.getByRole("log")).toContainText("Cryptoki version");
  await expect(recording.lines().first()).toContainText("pkcs11-tool");
  await screens(page, "recording-run");
  await runs.getByRole("button", { name: /^Show the calls of pkcs11-tool/ }).click();
  await expect(
    page.getByRole("navigation", { name: "Opened traces" }).getByRole("button", { name: "pkcs11-tool", exact: true }),
  ).toBeVisible();
  await expect(page.getByRole("tabpanel").last()).toContainText("C_GetInfo");

  await recording.go();
  await recording.main.getByRole("button", { name: "Run a command…" }).click();
  const command = recording.dialog.getByRole("textbox", { name: "Command" });
  await command.fill("pkcs11-tool --login --pin run-5512-canary -O");
  await expect(recording.dialog).toContainText("A PIN or password is in the command");
  await expect(recording.dialog.locator("code")).toContainText("***");
  await expect(recording.dialog.locator("code")).not.toContainText("canary");
  await screens(page, "recording-run-pin");
  await command.fill("there-is-no-such-program");
  await expect(recording.dialog).toContainText("There is no such program");
  await expect(recording.dialog.getByRole("button", { name: "Run", exact: true })).toBeDisabled();
  await command.fill("pkcs11-tool -L | cat");
  await expect(recording.dialog).toContainText("There is no shell");
  await page.keyboard.press("Escape");
  await expect(recording.dialog).toBeHidden();
  expect(await heldByWindow(page, "run-5512-canary")).toEqual([]);
});

test("a command that goes on is ended", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const recording = new RecordingScreen(page);
  await recording.go();
  await recording.run("sh -c 'echo begun; sleep 300'");
  const runs = recording.region("Commands run here");
  await expect(runs.getByRole("log")).toContainText("begun");
  await expect(runs).toContainText("running");
  await runs.getByRole("button", { name: /^End / }).click();
  await expect(runs).toContainText("signal SIGTERM");
  await expect(runs).toContainText("Nothing was recorded: the program loaded no PKCS#11 module.");
});

test("a recording library is made for a module, tells when it is broken, and is removed", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const recording = new RecordingScreen(page);
  await recording.go();
  await recording.main.getByRole("button", { name: "Make a recording library…" }).click();
  await screens(page, "recording-copy");
  await recording.dialog.getByRole("button", { name: "Make", exact: true }).click();
  await expect(recording.dialog).toContainText("Give a program this path");
  const [copy] = (await call("recording.state", {})).copies;
  const library = copy?.library ?? "";
  expect(library).toMatch(/-spy\.so$/);
  await expect(recording.dialog).toContainText(library);
  await recording.dialog.getByRole("button", { name: "Close" }).click();
  const copies = page.getByRole("list", { name: "Recording libraries" });
  await expect(copies).toContainText(library);
  await page.getByText("Lines for a terminal").click();
  await expect(recording.region("Other programs")).toContainText("npx tokenglass trace --");
  await screens(page, "recording-copies");

  await writeFile(library, "something else");
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await recording.go();
  await expect(copies).toContainText("The copy is not the file that was made");
  await screens(page, "recording-broken");
  await copies.getByRole("button", { name: /^Make the library .+ again$/ }).click();
  await expect(copies).not.toContainText("broken");
  await copies.getByRole("button", { name: /^Remove/ }).click();
  await expect(copies).toBeHidden();
});

test("how long recordings are kept is changed", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const recording = new RecordingScreen(page);
  await recording.go();
  await recording.main.getByRole("button", { name: "Kept 30 days…" }).click();
  await recording.dialog.getByRole("textbox", { name: "Days" }).fill("0");
  await expect(recording.dialog).toContainText("A whole number from 1 to 3,650.");
  await recording.dialog.getByRole("textbox", { name: "Days" }).fill("7");
  await screens(page, "recording-retention");
  await recording.dialog.getByRole("button", { name: "Save" }).click();
  await expect(recording.main.getByRole("button", { name: "Kept 7 days…" })).toBeVisible();
  expect((await call("recording.state", {})).retention).toEqual({ days: 7, megabytes: 1000 });
});
