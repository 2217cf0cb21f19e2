/** The address cannot be listened on. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  /** `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL` …; `ENOTFOUND` when no address is known for the host. */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
