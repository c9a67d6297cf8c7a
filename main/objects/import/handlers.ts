import type { DomainHandlers } from "../../host/handlers.ts";

export const importHandlers = {} as Pick<
  DomainHandlers<"objects">,
  "importPreview" | "import" | "writeData" | "writeSecretKey"
>;
