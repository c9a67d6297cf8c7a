import { z } from "zod";
import { errorCodes, errorData } from "../../preload/contract/errors.ts";
import { contract, declarationOf, requestNames } from "../../preload/contract/index.ts";
import { Misuse } from "./misuse.ts";
import { secretFields } from "./secrets.ts";
import { suggest } from "./suggest.ts";

/** One request as `describe` prints it: what it does, and JSON Schemas of what goes in and comes out. */
export const describeRequest = (name: string) => {
  const declaration = declarationOf(name);
  if (!declaration) throw unknownRequest(name);
  const { summary, runs, changes, limitSeconds, input, output, progress } = declaration;
  return {
    request: name,
    summary,
    runs: runs === "host" ? "in the module's token host" : "in Tokenglass itself",
    changes,
    limitSeconds,
    /** Never part of the JSON: typed when asked, or lines of --pin-fd in this order. */
    secrets: secretFields(declaration),
    input: z.toJSONSchema(input, { io: "input" }),
    output: z.toJSONSchema(output),
    progress: progress ? z.toJSONSchema(progress) : null,
  };
};

/** The whole contract: every request, every event, every error code. */
export const describeAll = () => ({
  requests: requestNames.map(describeRequest),
  events: Object.entries(contract).flatMap(([domain, { events }]) =>
    Object.entries(events as Record<string, { summary: string; data: z.ZodType }>).map(([name, { summary, data }]) => ({
      event: `${domain}.${name}`,
      summary,
      data: z.toJSONSchema(data),
    })),
  ),
  errors: { codes: errorCodes, error: z.toJSONSchema(errorData) },
});

export const unknownRequest = (name: string): Misuse => {
  const meant = suggest(name, requestNames);
  const shown = /^[\w.-]{1,60}$/.test(name) ? ` ${name}` : " of that name";
  return new Misuse(
    `There is no request${shown}.`,
    meant.length > 0 ? `Did you mean ${meant.join(" or ")}?` : "`tokenglass describe` prints them all.",
  );
};
