import type { LoginEvent } from "../../../preload/contract/trace.ts";

/** Calls that belong in a login trace. */
export const loginFunctions: readonly LoginEvent["function"][] = [
  "C_Login",
  "C_LoginUser",
  "C_Logout",
  "C_InitPIN",
  "C_SetPIN",
  "C_InitToken",
];

/** APDUs that compare or change a PIN. */
export const pinCommands: readonly LoginEvent["function"][] = [
  "VERIFY",
  "CHANGE REFERENCE DATA",
  "RESET RETRY COUNTER",
];

/** OpenSC's function for PIN commands. Since 0.21 it hides their APDUs, so that its result alone tells of a try. */
export const pinMessage = "sc_pin_cmd";
