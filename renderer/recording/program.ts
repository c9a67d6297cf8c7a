import type { RecordingFile } from "../../preload/contract/recording.ts";
import { fileName } from "../ui/words.ts";

/** How a recording's program is called: the app by its name, another by its file's. */
export const programName = ({ own, program }: Pick<RecordingFile, "own" | "program">): string => {
  if (own) return "Tokenglass";
  return program === "" ? "unknown program" : fileName(program);
};
