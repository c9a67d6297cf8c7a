import type { ErrorData } from "../../preload/contract/errors.ts";

/** Whether a password, or another one, would help. */
export const asksPassword = ({ code }: ErrorData): boolean => code === "PASSWORD_NEEDED" || code === "PASSWORD_WRONG";
