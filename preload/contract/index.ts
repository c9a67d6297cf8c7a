import type { z } from "zod";
import { app, commands, files } from "./app.ts";
import { authority } from "./authority.ts";
import { certificates } from "./certificates.ts";
import type { RequestDeclaration } from "./declare.ts";
import { expiry } from "./expiry.ts";
import { keys } from "./keys.ts";
import { links } from "./links.ts";
import { modules } from "./modules.ts";
import { objects } from "./objects.ts";
import { recording } from "./recording.ts";
import { tokens } from "./tokens.ts";
import { trace } from "./trace.ts";
import { truststores } from "./truststores.ts";
import { x509 } from "./x509.ts";

/** Everything that can be asked of Tokenglass, by domain. The window, the command line and the tests see only this. */
export const contract = {
  app,
  modules,
  tokens,
  objects,
  keys,
  certificates,
  expiry,
  authority,
  links,
  files,
  commands,
  recording,
  trace,
  truststores,
  x509,
} as const;

export type Contract = typeof contract;
type DomainName = keyof Contract;

type NamesOf<Part extends "requests" | "events"> = {
  [D in DomainName]: `${D}.${Extract<keyof Contract[D][Part], string>}`;
}[DomainName];

/** "tokens.login" and so on. */
export type RequestName = NamesOf<"requests">;
export type EventName = NamesOf<"events">;

type DeclarationOf<N extends RequestName> = N extends `${infer D extends DomainName}.${infer R}`
  ? R extends keyof Contract[D]["requests"]
    ? Contract[D]["requests"][R]
    : never
  : never;

type EventDeclarationOf<N extends EventName> = N extends `${infer D extends DomainName}.${infer E}`
  ? E extends keyof Contract[D]["events"]
    ? Contract[D]["events"][E]
    : never
  : never;

/** What a caller gives (defaults may be left out). */
export type Input<N extends RequestName> =
  DeclarationOf<N> extends { input: infer I extends z.ZodType } ? z.input<I> : never;
/** What a handler gets, after defaults. */
export type CheckedInput<N extends RequestName> =
  DeclarationOf<N> extends { input: infer I extends z.ZodType } ? z.output<I> : never;
export type Output<N extends RequestName> =
  DeclarationOf<N> extends { output: infer O extends z.ZodType } ? z.output<O> : never;
export type Progress<N extends RequestName> =
  DeclarationOf<N> extends { progress?: infer P extends z.ZodType } ? z.output<P> : never;
export type EventData<N extends EventName> =
  EventDeclarationOf<N> extends { data: infer D extends z.ZodType } ? z.output<D> : never;

/** Names of the requests that run in the module's token host. */
export type HostRequestName = Extract<
  RequestName,
  `${"tokens" | "objects" | "keys" | "certificates" | "links"}.${string}`
>;
export type MainRequestName = Exclude<RequestName, HostRequestName>;

export const requestNames: RequestName[] = Object.entries(contract).flatMap(([domain, { requests }]) =>
  Object.keys(requests).map((name) => `${domain}.${name}` as RequestName),
);

/** @returns the declaration of a request, or undefined for a name that is not in the contract. */
export const declarationOf = (name: string): RequestDeclaration | undefined => {
  const [domain, request, ...rest] = name.split(".");
  if (!domain || !request || rest.length > 0 || !Object.hasOwn(contract, domain)) return undefined;
  const { requests } = contract[domain as DomainName];
  return Object.hasOwn(requests, request) ? (requests as Record<string, RequestDeclaration>)[request] : undefined;
};
