/**
 * What one runner did. A check without tests of its own (lint, type check) is one test.
 * @typedef {{ name: string, reason: string }} Skipped
 * @typedef {{ passed: number, failed: number, skipped: Skipped[], output: string }} Tally `output`: shown if anything failed
 */

/** @param {number} count @param {string} word @returns {string} "1 test", "2 tests" */
const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** @param {Tally} tally @returns {string} for a progress line */
export const tallyWords = ({ passed, failed, skipped }) =>
  [
    failed > 0 ? `${failed} FAILED` : null,
    counted(passed, "test"),
    skipped.length > 0 ? `${skipped.length} skipped` : null,
  ]
    .filter(Boolean)
    .join(", ");

/**
 * What the module and window tests left out, each reason once with the tests that it kept from running.
 * @param {Skipped[]} skipped @returns {string[]} lines
 */
export const skippedLines = (skipped) => {
  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const { name, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].flatMap(([reason, names]) => [`  ${reason}:`, ...names.map((name) => `    - ${name}`)]);
};

/** @param {Tally[]} tallies @returns {string} the last line of a run */
export const closingLine = (tallies) => {
  const sum = (/** @type {(tally: Tally) => number} */ of) => tallies.reduce((total, tally) => total + of(tally), 0);
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${sum(({ skipped }) => skipped.length)} skipped`;
};
