import { spawn } from "node:child_process";

/** Starts an Xvfb for the run where there is no display, and ends it afterwards. */
const startDisplay = async (): Promise<() => void> => {
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform !== "linux") return () => {};
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.once("error", () => reject(new Error("There is no display and no Xvfb. Install xvfb, or set DISPLAY.")));
    server.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
  });
  process.env.DISPLAY = `:${number}`;
  return () => void server.kill();
};

export default startDisplay;
