/** Errors name their causes, which name theirs; a circle of them has no end. */
const deepestCause = 5;

/**
 * Describes an error in one line: name, message, code, and cause. Reads nothing else of it, because an error may
 * contain its request, with the key in its headers.
 */
export function describeError(error: Error, depth = 0): string {
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  const told = depth < deepestCause ? error.cause : undefined;
  const cause = told instanceof Error ? `, caused by ${describeError(told, depth + 1)}` : "";
  return `${error.name}: ${error.message}${code}${cause}`;
}
