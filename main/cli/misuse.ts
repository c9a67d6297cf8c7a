/** The command was used wrongly: nothing was sent to a token. Ends the command with exit code 2. */
export class Misuse extends Error {
  readonly hint: string;

  /** @param hint what to do instead. */
  constructor(message: string, hint = "`tokenglass --help` shows the usage.") {
    super(message);
    this.name = "Misuse";
    this.hint = hint;
  }
}
