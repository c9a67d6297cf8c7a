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

/**
 * Flings a list through its whole length and back: the wheel turned hard, then the scroll bar dragged about. Measured
 * from frame to frame in the window itself, without the first two.
 * @param {Element} list @param {number} milliseconds
 * @returns {Promise<{ frames: number, longestMs: number, over50: number }>}
 */
export const fling = (list, milliseconds) =>
  new Promise((resolve) => {
    const frames = [];
    const begin = performance.now();
    let last = begin;
    const step = (now) => {
      frames.push(now - last);
      last = now;
      const past = (now - begin) / milliseconds;
      if (past >= 1) {
        const measured = frames.slice(2);
        resolve({
          frames: measured.length,
          longestMs: Math.max(...measured),
          over50: measured.filter((ms) => ms > 50).length,
        });
        return;
      }
      const deltaY = past < 0.4 ? 40 + past * 90_000 : -2000;
      if (past < 0.5) list.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
      else list.scrollTop = (list.scrollHeight - list.clientHeight) * Math.abs(Math.sin(past * 25));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
