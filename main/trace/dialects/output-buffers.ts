import description from "../../../native/description/functions.json" with { type: "json" };

interface Parameter {
  name: string;
  direction: string;
  length?: string;
}

/** A length that the function answers is `inout`; with a length that is only given (C_GenerateRandom) nothing is asked. */
const asked = (parameters: readonly Parameter[]): string[] => {
  const answered = new Set(parameters.filter(({ direction }) => direction === "inout").map(({ name }) => name));
  return parameters
    .filter(({ direction, length }) => direction === "out" && length !== undefined && answered.has(length))
    .map(({ name }) => name);
};

/** Buffers that a function fills and whose length it can be asked for with a NULL pointer, by function. */
export const outputBuffers: ReadonlyMap<string, readonly string[]> = new Map(
  description.functions.map(({ name, parameters }) => [name, asked(parameters)]),
);

/** Functions that may wait for a person or a device; the spy announces them with a begin line. */
export const announced: ReadonlySet<string> = new Set(
  description.functions.filter((entry) => "begin" in entry && entry.begin).map(({ name }) => name),
);
