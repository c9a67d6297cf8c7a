import type { Page } from "@playwright/test";

/**
 * Where in the window's state a text is held: props, state and hooks of every component that is on the screen, and the
 * values of its fields. @returns paths, none if the window has forgotten it
 */
export const heldByWindow = (page: Page, text: string): Promise<string[]> =>
  page.evaluate((wanted) => {
    const found: string[] = [];
    const seen = new Set<unknown>();
    const look = (value: unknown, path: string, depth: number): void => {
      if (typeof value === "string" && value.includes(wanted)) found.push(path);
      if (typeof value !== "object" || value === null || depth > 14 || seen.has(value)) return;
      if (value instanceof Node || value instanceof Window) return;
      seen.add(value);
      // The tree before this one, which React keeps for its next drawing, and its own bookkeeping.
      const skipped = new Set(["alternate", "return", "stateNode", "_owner", "_debugOwner"]);
      for (const [name, inner] of Object.entries(value))
        if (!skipped.has(name)) look(inner, `${path}.${name}`, depth + 1);
    };
    const walk = (fiber: Record<string, unknown> | null, path: string): void => {
      for (let at = fiber; at; at = at.sibling as typeof fiber) {
        const type = at.type as { displayName?: string; name?: string } | string | null;
        const here = `${path}/${typeof type === "string" ? type : (type?.displayName ?? type?.name ?? "")}`;
        look(at.memoizedState, `${here}:state`, 0);
        look(at.memoizedProps, `${here}:props`, 8);
        walk(at.child as typeof fiber, here);
      }
    };
    for (const element of document.querySelectorAll("*"))
      for (const [name, root] of Object.entries(element))
        if (name.startsWith("__reactContainer$")) {
          const { stateNode } = root as { stateNode: { current: Record<string, unknown> } };
          walk(stateNode.current, "");
        }
    for (const field of document.querySelectorAll("input")) if (field.value.includes(wanted)) found.push("a field");
    return found;
  }, text);
