/** @returns {boolean} whether a window can be opened: on Linux that takes an X or Wayland display */
export const hasDisplay = (platform = process.platform, env = process.env) =>
  platform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
