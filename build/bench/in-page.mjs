// @ts-nocheck: runs in the page, and this folder is checked without the types of a page.

/**
 * Clicks a token and waits for its listing. In words of the page only: nothing from outside is there.
 * @param {Element} button @param {number} count
 * @returns {Promise<number>} milliseconds
 */
export const clickToLastRow = (button, count) =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const look = () => {
      const now = performance.now();
      if (now - start > 60_000) return reject(new Error("the last row did not come"));
      const grid = document.querySelector('[role="grid"][aria-label="Objects"]');
      const complete =
        grid?.getAttribute("aria-rowcount") === String(count + 1) && grid.getAttribute("aria-busy") !== "true";
      if (grid && complete) {
        grid.scrollTop = grid.scrollHeight;
        const last = grid.querySelector(`[data-index="${count - 1}"]`)?.getBoundingClientRect();
        const view = grid.getBoundingClientRect();
        if (last && last.height > 0 && last.top < view.bottom && last.bottom <= view.bottom + 1)
          return requestAnimationFrame(() => resolve(performance.now() - start));
      }
      requestAnimationFrame(look);
    };
    button.click();
    requestAnimationFrame(look);
  });
