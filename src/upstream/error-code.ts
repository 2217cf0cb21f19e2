/** The form of codes from the system, fetch and TLS; keys, addresses and sentences do not have it. */
const codeForm = /^[A-Z]\w{2,63}$/;

/** Errors name their causes, which name theirs; none of ours is nested deeper. */
const deepestCause = 5;

/**
 * The code that the system, fetch or TLS gave for the innermost cause of `error`, such as `ECONNRESET`; null if there
 * is none. Never a message, which may contain an address or a key.
 */
export function causeCodeOf(error: Error): string | null {
  let cause: unknown = error;
  for (let depth = 0; depth <= deepestCause && cause instanceof Error; depth += 1) {
    if ("code" in cause && typeof cause.code === "string" && codeForm.test(cause.code)) return cause.code;
    cause = cause.cause;
  }
  return null;
}

/** The code of a system error, such as ECONNRESET, else the error's name. Never its message, which contains the URL. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" && error.code !== "" ? error.code : error.name;
}
