import { createContext, type ReactNode } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";

/** What a screen offers beside an error, wherever it is shown: a login where one is missing, for example. */
export const ErrorHelp = createContext<(error: ErrorData) => ReactNode>(() => null);
