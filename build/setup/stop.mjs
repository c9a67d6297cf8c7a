/** Ends the command with a message for the user and an exit code; anything else that is thrown is a bug. */
export class Stop extends Error {
  /** @param {string} message what happened and what to do @param {number} exitCode 1: failed, 2: something must be installed first */
  constructor(message, exitCode) {
    super(message);
    this.name = "Stop";
    this.exitCode = exitCode;
  }
}
