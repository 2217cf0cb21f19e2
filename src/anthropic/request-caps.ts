/** Most characters of a model's name, as in the settings. The longest in use have about a hundred. */
export const maxModelLength = 300;

/**
 * The whole answer is searched for each stop sequence that the upstream does not take. Clients send a handful, of a
 * line at most; the APIs we stand in front of take four.
 */
export const maxStopSequences = 1000;
/** Characters. */
export const maxStopSequenceLength = 1000;
