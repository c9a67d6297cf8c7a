import type { Handle, Template } from "pkcs11js";
import { CKA } from "../pkcs11/attributes.ts";
import { ulong } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";

/** Handles asked for in one C_FindObjects. */
const batch = 1024;

/**
 * Handles of all objects that a template fits. The cursor is closed before the caller reads anything: a session has
 * only one, and modules do not like objects to change under it.
 * @throws Pkcs11Error
 */
export const findHandles = (library: Library, session: Handle, template: Template = []): Handle[] => {
  const { p11 } = library;
  const handles: Handle[] = [];
  p11.C_FindObjectsInit(session, template);
  try {
    for (;;) {
      const found = p11.C_FindObjects(session, batch);
      for (const handle of found) handles.push(handle);
      // Some modules give fewer than they could; only nothing at all means the end (PKCS#11 2.40, C_FindObjects).
      if (found.length === 0) break;
    }
  } finally {
    try {
      p11.C_FindObjectsFinal(session);
    } catch {}
  }
  return handles;
};

/** @param objectClass CKO_ number */
export const classTemplate = (objectClass: number): Template => [{ type: CKA.CLASS, value: ulong(objectClass) }];

/** Makes a handle usable as a key of a map. */
export const handleKey = (handle: Handle): string => handle.toString("latin1");
