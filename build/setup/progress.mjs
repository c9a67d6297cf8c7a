/**
 * One line a step: what is being done, elapsed time, how it ended. On a terminal the time runs; elsewhere the line is
 * written in two halves, so that a log shows what a hanging command was doing.
 */
export class Progress {
  /** @param {import("node:tty").WriteStream | NodeJS.WriteStream} out */
  constructor(out = process.stdout) {
    this.out = out;
    this.live = Boolean(out.isTTY) && !process.env.CI;
    this.started = performance.now();
  }

  /** Seconds since the command started. */
  get seconds() {
    return (performance.now() - this.started) / 1000;
  }

  /** @param {string} text */
  line(text) {
    this.out.write(`${text}\n`);
  }

  /**
   * Runs one step. @template T
   * @param {string} title
   * @param {(note: (text: string) => void) => Promise<T>} work told to `note` what came out, which ends the line
   * @returns {Promise<T>}
   */
  async step(title, work) {
    const from = performance.now();
    const seconds = () => `${((performance.now() - from) / 1000).toFixed(1)} s`;
    let outcome = "done";
    const head = `  ${title} `.padEnd(58, ".");
    this.out.write(this.live ? `${head} ${seconds()}` : `${head} `);
    const timer = this.live ? setInterval(() => this.out.write(`\r${head} ${seconds()}`), 500) : undefined;
    const end = (/** @type {string} */ word) =>
      this.out.write(this.live ? `\r\x1b[K${head} ${word}, ${seconds()}\n` : `${word}, ${seconds()}\n`);
    try {
      const value = await work((text) => {
        outcome = text;
      });
      clearInterval(timer);
      end(outcome);
      return value;
    } catch (thrown) {
      clearInterval(timer);
      end("FAILED");
      throw thrown;
    }
  }
}
