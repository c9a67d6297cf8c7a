import { bindingName, bridgeName, receiverName } from "./contract/bridge.ts";
import { guardWindow } from "./guard-window.ts";
import { makeBridge } from "./make-bridge.ts";

/** Runs in the browser shell's window before the page's own code; the page finds the bridge and not the binding. */
const scope = globalThis as unknown as Record<string, unknown>;
const binding = scope[bindingName] as ((payload: string) => void) | undefined;
delete scope[bindingName];

guardWindow();

// The browser runs this in frames too. The app does not listen to them, so they get no bridge.
if (binding && scope.top === scope.self) {
  const { bridge, receive } = makeBridge(binding);
  Object.defineProperty(scope, receiverName, { value: receive });
  Object.defineProperty(scope, bridgeName, { value: Object.freeze(bridge) });
}
