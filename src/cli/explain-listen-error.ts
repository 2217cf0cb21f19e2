/**
 * One line that says why the address could not be taken, and the way out.
 * @param error the operating system's code and words
 */
export function explainListenError(
  error: { readonly code: string; readonly message: string },
  host: string,
  port: number,
): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is taken by another program, perhaps a claude-proxy that still runs. Stop that one, or use another port: --port ${port === 65535 ? 8080 : port + 1} (0 takes a free one).`;
    case "EACCES":
      return `Port ${port} may not be used by this user. Use one above 1023: --port 8080.`;
    case "ENOTFOUND":
      return `No address is known for the host ${host}. Use --host 127.0.0.1.`;
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}. Use --host 127.0.0.1.`;
    default:
      return `Cannot listen at ${host}, port ${port}: ${error.message}`;
  }
}
