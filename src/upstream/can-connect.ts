import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { readWholeNumber } from "../json/whole-number.ts";

/**
 * Whether a new connection to the server of the URL succeeds within the time, including its TLS handshake. A refused or
 * broken connection counts as a success: only silence does not. Never throws.
 */
export function canConnect(url: URL, withinMs: number): Promise<boolean> {
  return tryConnection((onConnect) => open(url, onConnect), { isAfterFailure: true, withinMs });
}

/** Whether something listens at the host and port of the URL, and says so within the time. Never throws. */
export function isListening({ protocol, hostname, port }: URL, withinMs: number): Promise<boolean> {
  const usual = protocol === "https:" ? 443 : 80;
  return tryConnection(
    (onConnect) =>
      connectPlain({ host: withoutBrackets(hostname), port: readWholeNumber(port) ?? usual }, onConnect),
    { isAfterFailure: false, withinMs },
  );
}

/** Whether a TLS handshake with the server of the URL, whatever its scheme, succeeds within the time. Never throws. */
export function speaksTls({ hostname, port }: URL, withinMs: number): Promise<boolean> {
  return tryConnection((onConnect) => openTls(hostname, port, onConnect), {
    isAfterFailure: false,
    withinMs,
  });
}

/** True once it is connected, `isAfterFailure` once it fails or ends, false if nothing happens within the time. */
async function tryConnection(
  begin: (onConnect: () => void) => Socket,
  { isAfterFailure, withinMs }: { isAfterFailure: boolean; withinMs: number },
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = begin(() => resolve(true));
  socket.on("error", () => resolve(isAfterFailure));
  socket.on("close", () => resolve(isAfterFailure));
  const timer = setTimeout(() => resolve(false), withinMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function open({ protocol, hostname, port }: URL, onConnect: () => void): Socket {
  if (protocol === "https:") return openTls(hostname, port, onConnect);
  return connectPlain({ host: withoutBrackets(hostname), port: readWholeNumber(port) ?? 80 }, onConnect);
}

function openTls(hostname: string, port: string, onConnect: () => void): Socket {
  // The real connection verifies the certificate.
  const options = { port: readWholeNumber(port) ?? 443, rejectUnauthorized: false };
  return connectSecurely({ host: withoutBrackets(hostname), ...options }, onConnect);
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}
