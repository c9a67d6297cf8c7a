/**
 * Reads "NAME=value OTHER=value", values with blanks in double quotes.
 * @returns the variables, and what is wrong with the text (null if nothing is).
 */
export const environmentOf = (text: string): { value: Record<string, string>; problem: string | null } => {
  const value: Record<string, string> = {};
  const parts = text.match(/[^\s"=]+=(?:"[^"]*"|\S*)|\S+/g) ?? [];
  for (const part of parts) {
    const [, name, quoted, plain] = /^([A-Za-z_][A-Za-z0-9_]*)=(?:"([^"]*)"|(.*))$/.exec(part) ?? [];
    if (!name) return { value: {}, problem: `"${part}" is not of the form NAME=value.` };
    value[name] = quoted ?? plain ?? "";
  }
  return { value, problem: null };
};

/** The same the other way round. */
export const environmentText = (environment: Record<string, string>): string =>
  Object.entries(environment)
    .map(([name, value]) => (/\s/.test(value) ? `${name}="${value}"` : `${name}=${value}`))
    .join(" ");
