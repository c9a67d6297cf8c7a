import { z } from "zod";

/**
 * How the contract is written down. A domain file declares its requests and events once; main, the token host,
 * the window and the command line all derive their types, checks and names from that one object.
 */

/** Where a request is carried out: in main itself, or in the token host of the module that the input names. */
export type Place = "main" | "host";

export interface RequestDeclaration<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  P extends z.ZodType = z.ZodType,
> {
  /** One sentence for people: what it does. Printed by `tokenglass describe`. */
  summary: string;
  runs: Place;
  /** True if it may change a token, a file or a setting; such requests are never repeated by the app. */
  changes: boolean;
  /** Seconds after which a host that has not answered counts as hung and is ended. */
  limitSeconds: number;
  input: I;
  output: O;
  /** Shape of the values sent while the request is under way, if it sends any. */
  progress?: P;
  /** Whether a reply tells of an error that stopped the request halfway: to a script that is an error. */
  leftUndone?(output: z.output<O>): boolean;
}

export const request = <I extends z.ZodType, O extends z.ZodType, P extends z.ZodType = z.ZodNever>(
  declaration: Omit<RequestDeclaration<I, O, P>, "limitSeconds" | "changes"> &
    Partial<Pick<RequestDeclaration, "limitSeconds" | "changes">>,
): RequestDeclaration<I, O, P> => ({
  limitSeconds: 30,
  changes: false,
  ...declaration,
  // A misspelt field is an error, not a field that is quietly left out.
  input: declaration.input instanceof z.ZodObject ? (declaration.input.strict() as unknown as I) : declaration.input,
});

export interface EventDeclaration<D extends z.ZodType = z.ZodType> {
  summary: string;
  data: D;
}

export const event = <D extends z.ZodType>(summary: string, data: D): EventDeclaration<D> => ({ summary, data });

export interface Domain {
  requests: Record<string, RequestDeclaration>;
  events: Record<string, EventDeclaration>;
}
