/** Characters of a model's name, as in the settings. The longest in use have about a hundred. */
export const maxModelLength = 300;

/**
 * Each one that the upstream does not take is looked for in all of the answer. Clients send a handful, of a line at
 * the most; the APIs in front of which we stand take four.
 */
export const maxStopSequences = 1000;
/** Characters. */
export const maxStopSequenceLength = 1000;
