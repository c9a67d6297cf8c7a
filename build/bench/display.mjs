import { spawn } from "node:child_process";
import { hasDisplay } from "../setup/display.mjs";

/** Starts an Xvfb where there is no display. @returns {Promise<() => void>} ends it */
export const ensureDisplay = async () => {
  if (hasDisplay()) return () => {};
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise((resolve, reject) => {
    server.once("error", () => reject(new Error("There is no display and no Xvfb. Install xvfb, or set DISPLAY.")));
    server.stdout.once("data", (data) => resolve(String(data).trim()));
  });
  process.env.DISPLAY = `:${number}`;
  return () => void server.kill();
};
