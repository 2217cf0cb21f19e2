/** As codes of the system, of fetch and of TLS are written; no key, address or sentence is. */
const codeForm = /^[A-Z]\w{2,63}$/;

/** Errors name their causes, which name theirs; none of ours goes deeper. */
const deepestCause = 5;

/**
 * The code that the system, fetch or TLS gave for what is at the bottom of `error`, such as `ECONNRESET`, or null when
 * there is none. Never a text, which may hold an address or a key.
 */
export function causeCodeOf(error: Error): string | null {
  let cause: unknown = error;
  for (let depth = 0; depth <= deepestCause && cause instanceof Error; depth += 1) {
    if ("code" in cause && typeof cause.code === "string" && codeForm.test(cause.code)) return cause.code;
    cause = cause.cause;
  }
  return null;
}

/** The code of a system error, such as ECONNRESET, else the error's name. Never its text, which holds the URL. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" && error.code !== "" ? error.code : error.name;
}
