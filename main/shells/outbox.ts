/** Messages that wait for the window are sent together, at most this many characters at a time. */
const batchLimit = 4_000_000;
/** Batches under way at once; while they are, later messages gather. */
const underWayLimit = 2;

/**
 * Keeps messages to the window in order (progress before its reply) and gathers them into batches, so that a fast
 * stream costs one round trip for many messages and a slow window is not flooded.
 */
export class Outbox {
  readonly #deliver: (batch: string) => Promise<unknown>;
  #waiting: string[] = [];
  #underWay = 0;
  #scheduled = false;

  /** @param deliver takes a JSON array of messages. A batch that cannot be delivered is dropped: its window is gone. */
  constructor(deliver: (batch: string) => Promise<unknown>) {
    this.#deliver = deliver;
  }

  send(message: unknown): void {
    this.#waiting.push(JSON.stringify(message));
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What is sent in the same turn goes together.
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#underWay < underWayLimit) {
      this.#underWay++;
      const again = () => {
        this.#underWay--;
        this.#flush();
      };
      this.#deliver(`[${this.#takeBatch().join(",")}]`).then(again, again);
    }
  }

  #takeBatch(): string[] {
    let size = 0;
    let count = 0;
    for (const text of this.#waiting) {
      size += text.length;
      if (count > 0 && size > batchLimit) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
