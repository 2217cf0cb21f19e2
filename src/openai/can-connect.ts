import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { readWholeNumber } from "../json/whole-number.ts";

/**
 * Whether a new connection to the server of the URL comes about within the time, its TLS handshake included. A
 * connection that is refused or broken counts as one: only silence does not. Never throws.
 */
export async function canConnect(url: URL, withinMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = open(url, () => resolve(true));
  socket.on("error", () => resolve(true));
  const timer = setTimeout(() => resolve(false), withinMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Whether a TLS handshake with the server of the URL, whatever its scheme, comes about within the time. Never throws. */
export async function speaksTls({ hostname, port }: URL, withinMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = openTls(hostname, port, () => resolve(true));
  socket.on("error", () => resolve(false));
  socket.on("close", () => resolve(false));
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
  // Whose certificate it is, is for the real connection to judge.
  const options = { port: readWholeNumber(port) ?? 443, rejectUnauthorized: false };
  return connectSecurely({ host: withoutBrackets(hostname), ...options }, onConnect);
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}
