/** OpenSC's function for PIN commands. Since 0.21 it hides their APDUs, so that its result alone tells of a try. */
export const pinMessage = "sc_pin_cmd";
