/** Recording controls, programs, and the list of recordings; opens one with `openTrace`. */
export const Recordings = () => null;
