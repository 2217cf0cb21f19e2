import { unsetCommand } from "../config/unset-command.ts";
import { askProxy, formatLocalUrl, type ProxyAnswer } from "./ask-proxy.ts";

/** The operating system's code and message. */
interface ListenFailure {
  readonly code: string;
  readonly message: string;
}

/** The address on which the proxy could not listen. */
export interface WantedAddress {
  readonly host: string;
  readonly port: number;
  /** Whether `host` comes from the environment, where it may have been meant for other programs. */
  readonly isHostFromEnvironment?: boolean;
  /** The words before one of our flags: `npm start -- ` in a clone. */
  readonly command?: string;
}

/** A proxy answers within milliseconds; after a failed start, the user should not wait long for another program. */
const holderLimitMs = 600;

/**
 * Explains in one line why the address could not be taken, and the remedy. Asks the server on the port whether it is a
 * claude-proxy.
 */
export async function explainListenError(error: ListenFailure, wanted: WantedAddress): Promise<string> {
  const holder =
    error.code === "EADDRINUSE"
      ? await Promise.race([askProxy(formatLocalUrl(wanted)), Bun.sleep(holderLimitMs).then(() => null)])
      : null;
  return describeListenError(error, wanted, holder);
}

/** The same, if it is known which claude-proxy has the port; null if none does. */
export function describeListenError(
  error: ListenFailure,
  { host, port, isHostFromEnvironment = false, command = "" }: WantedAddress,
  holder: Pick<ProxyAnswer, "version"> | null,
): string {
  const otherHost = isHostFromEnvironment
    ? `HOST comes from the environment. Run: ${unsetCommand("HOST", process.platform)}, or start with ${command}--host 127.0.0.1.`
    : `Use ${command}--host 127.0.0.1.`;
  switch (error.code) {
    case "EADDRINUSE": {
      const flag = `${command}--port ${port === 65535 ? 8080 : port + 1}`;
      return holder === null
        ? `Port ${port} is taken by another program, not by a claude-proxy. Stop it, or use another port: ${flag} (0 picks a free one).`
        : `Port ${port} is taken by a claude-proxy (${holder.version}) that is already running. Use that one, stop it, or use another port: ${flag} (0 picks a free one).`;
    }
    case "EACCES":
      return `Port ${port} may not be used by this user. Use one above 1023: ${command}--port 8080.`;
    case "ENOTFOUND":
      return `No address is known for the host ${host}. ${otherHost}`;
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}. ${otherHost}`;
    default:
      return `Cannot listen at ${host}, port ${port}: ${error.message}`;
  }
}
