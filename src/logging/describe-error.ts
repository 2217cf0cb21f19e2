/**
 * An error in one line: name, message, code, and what caused it. Nothing else of it is looked at, because an error
 * may carry the request it belongs to, with the key in its headers.
 */
export function describeError(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  const cause = error.cause instanceof Error ? `, caused by ${describeError(error.cause)}` : "";
  return `${error.name}: ${error.message}${code}${cause}`;
}
