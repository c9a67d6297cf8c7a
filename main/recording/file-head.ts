import { open } from "node:fs/promises";

/** Reads the first bytes of a file. @param most how many @throws what node:fs throws */
export const readHead = async (path: string, most: number): Promise<Buffer> => {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(most);
    const { bytesRead } = await file.read(bytes, 0, most, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};
