const headMost = 16_384;
const tailMost = 49_152;

/** What a program prints, with the middle left out once it is long. Counts bytes as they come; decodes at the end. */
export class BoundedOutput {
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  #left = 0;

  add(bytes: Buffer): void {
    const room = headMost - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, bytes.subarray(0, room)]);
    const rest = bytes.subarray(Math.max(room, 0));
    if (rest.length === 0) return;
    const tail = Buffer.concat([this.#tail, rest]);
    this.#left += Math.max(tail.length - tailMost, 0);
    this.#tail = tail.subarray(Math.max(tail.length - tailMost, 0));
  }

  get text(): string {
    if (this.#left === 0) return Buffer.concat([this.#head, this.#tail]).toString("utf8");
    return `${this.#head.toString("utf8")}\n... ${this.#left} bytes left out ...\n${this.#tail.toString("utf8")}`;
  }
}
