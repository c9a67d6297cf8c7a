import { expect, test, vi } from "vitest";
import { type HandlersOf, loadedLater } from "./dispatch.ts";

test("handlers that are loaded later are there by name, and loaded once, with the first request", async () => {
  const handlers: HandlersOf<"expiry"> = {
    "expiry.overview": () => ({ now: "", warningDays: [], entries: [], sources: [] }),
    "expiry.watch": () => {
      throw new Error("no such file");
    },
    "expiry.unwatch": ({ path }) => ({ watched: [path] }),
    "expiry.calendar": () => ({ fileName: "", mediaType: "", text: "", count: 0 }),
  };
  const load = vi.fn(async () => handlers);
  const later = loadedLater("expiry", load);
  const context = { progress: () => {} };
  expect(Object.keys(later).sort()).toEqual(Object.keys(handlers).sort());
  expect(load).not.toHaveBeenCalled();
  expect(await later["expiry.unwatch"]({ path: "/a.pem" }, context)).toEqual({ watched: ["/a.pem"] });
  await expect(later["expiry.watch"]({ path: "/b.pem" }, context)).rejects.toThrow("no such file");
  expect(load).toHaveBeenCalledTimes(1);
});
