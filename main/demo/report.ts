import type { ErrorData } from "../../preload/contract/errors.ts";

/** A request that was answered with an error; carries the error as data. */
export class DemoFailure extends Error {
  readonly data: ErrorData;

  constructor(data: ErrorData) {
    super(data.message);
    this.name = "DemoFailure";
    this.data = data;
  }
}

/** @returns everything an error says, for reading. */
export const describeError = (thrown: unknown): string[] => {
  if (!(thrown instanceof DemoFailure)) return [thrown instanceof Error ? thrown.message : String(thrown)];
  const { code, rv, where, message, remedy } = thrown.data;
  return [message, `  error  ${code}${rv ? `, ${rv}` : ""}`, `  where  ${where}`, `  remedy ${remedy}`];
};

export interface Step {
  title: string;
  outcome: string;
  seconds: number;
}

/** Writes one line a step and keeps them for the summary. */
export class Report {
  readonly steps: Step[] = [];
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  line(text = ""): void {
    this.#write(`${text}\n`);
  }

  /** Runs a step; its outcome in words ends the line. */
  async step<T>(title: string, work: (note: (outcome: string) => void) => Promise<T>): Promise<T> {
    const from = performance.now();
    let outcome = "done";
    this.#write(`  ${title} `.padEnd(44, "."));
    const end = (word: string) => {
      const seconds = (performance.now() - from) / 1000;
      this.steps.push({ title, outcome: word, seconds });
      this.line(` ${word}, ${seconds.toFixed(2)} s`);
    };
    try {
      const value = await work((word) => {
        outcome = word;
      });
      end(outcome);
      return value;
    } catch (thrown) {
      end("FAILED");
      throw thrown;
    }
  }
}
