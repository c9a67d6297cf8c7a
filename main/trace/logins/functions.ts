import type { LoginEvent } from "../../../preload/contract/trace.ts";

/** Calls that belong in a login trace. */
export const loginFunctions = [
  "C_Login",
  "C_LoginUser",
  "C_Logout",
  "C_InitPIN",
  "C_SetPIN",
  "C_InitToken",
] as const satisfies readonly LoginEvent["function"][];

/** APDUs that compare or change a PIN, and the function of OpenSC that sends them. */
export const pinCommands = ["VERIFY", "CHANGE REFERENCE DATA", "RESET RETRY COUNTER"] as const;
export const pinMessages = ["sc_pin_cmd"] as const;
