/** What no message to a person may be or hold, by the name of the fault. */
const faults: readonly (readonly [string, RegExp])[] = [
  ["empty", /^$/],
  ["blank at an end", /^\s|\s$/],
  ["broken off", /[:;,(=]$/],
  ["a stack", /\n\s*at |\.[cm]?[jt]s:\d|\b(?:Type|Range|Reference|Syntax)Error\b/],
  ["longer than 2,000 characters", /^.{2001}/s],
];

/** The names of the faults of a message that says why something was refused. */
export function findReasonFaults(message: string): string[] {
  return faults.flatMap(([name, pattern]) => (pattern.test(message) ? [name] : []));
}
