import type { FoundToken, Library } from "../pkcs11/library.ts";

const classAttribute = 0x0;
const batch = 1024;

/** CKO values of PKCS#11 3.2 under the names that the objects domain uses. */
const classNames: Record<number, string> = {
  0: "data",
  1: "certificate",
  2: "publicKey",
  3: "privateKey",
  4: "secretKey",
};

/** The token's objects that can be seen now, counted by class. Session objects are not lost with a token, but ours are closed with it. */
export const countObjects = (
  library: Library,
  token: FoundToken,
): { objects: number; byClass: Record<string, number> } => {
  const session = library.session(token);
  const { p11 } = library;
  const byClass: Record<string, number> = {};
  let objects = 0;
  p11.C_FindObjectsInit(session, []);
  const handles: Buffer[] = [];
  try {
    for (;;) {
      const found = p11.C_FindObjects(session, batch);
      handles.push(...found);
      if (found.length === 0) break;
    }
  } finally {
    p11.C_FindObjectsFinal(session);
  }
  for (const handle of handles) {
    objects++;
    const name = classOf(() => p11.C_GetAttributeValue(session, handle, [{ type: classAttribute }])[0]?.value);
    byClass[name] = (byClass[name] ?? 0) + 1;
  }
  return { objects, byClass };
};

const classOf = (read: () => Buffer | undefined): string => {
  try {
    const value = read();
    return (value && value.length > 0 && classNames[value.readUIntLE(0, Math.min(value.length, 6))]) || "other";
  } catch {
    return "other";
  }
};
