import { readWholeNumber } from "../json/whole-number.ts";
import { errorCode } from "./error-code.ts";
import type { SetUpFault } from "./upstream-error.ts";

/** The address of a fetch that failed. */
export interface FetchTarget {
  url: URL;
  /** The HTTP proxy on the way, or null. */
  httpProxy: { variable: string; host: string } | null;
}

export interface FetchFailure {
  /** For a person: the fault, its code, and advice. */
  text: string;
  setUp: SetUpFault | undefined;
}

const unknownSigner =
  "its certificate is signed by nobody whom this machine trusts. If you trust the signer, start claude-proxy with the signer's PEM file in NODE_EXTRA_CA_CERTS";

/** The fault of a server's certificate and the remedy, by the code that fetch fails with. */
const certificateFaults = new Map(
  Object.entries({
    CERT_HAS_EXPIRED: "its certificate has expired, or the clock of this machine is wrong",
    CERT_NOT_YET_VALID: "its certificate is not valid yet, or the clock of this machine is wrong",
    CERT_REVOKED: "its certificate was revoked",
    DEPTH_ZERO_SELF_SIGNED_CERT:
      "its certificate is self-signed. If you trust it, start claude-proxy with its PEM file in NODE_EXTRA_CA_CERTS",
    ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name. Check the host in BASE_URL",
    SELF_SIGNED_CERT_IN_CHAIN: unknownSigner,
    UNABLE_TO_GET_ISSUER_CERT: unknownSigner,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownSigner,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownSigner,
  }),
);

/** Error codes that mean no response was received. A server that is just closing an idle connection resets it. */
const unansweredCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ConnectionRefused",
  "ConnectionClosed",
  "FailedToOpenSocket",
]);

/** Whether a fetch failed before any server can have received its request, so that it may be sent once more. */
export function metNoAnswer(error: unknown): boolean {
  return unansweredCodes.has(errorCode(error));
}

/** Of these codes those which mean that no server is there; any other may come of a connection that was just closing. */
const nobodyCodes = new Set([
  "ECONNREFUSED",
  "ConnectionRefused",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Whether a fetch failed because no server is there, so that a fresh connection is of little use. */
export function metNobody(error: unknown): boolean {
  return nobodyCodes.has(errorCode(error));
}

/** Advice for a failed connection, by the code that fetch fails with. */
const hints = new Map<string, string>(
  Object.entries({
    ECONNREFUSED: "Is the server running, and is this its port? The address is the setting BASE_URL",
    ENOTFOUND: "The host name is unknown. Check the host in BASE_URL, and the network",
    EAI_AGAIN: "Host names cannot be resolved at the moment. Check the network",
    ECONNRESET: "It closed the connection without an answer",
    EPROTO:
      "TLS could not be negotiated. If the server at this port does not use TLS, BASE_URL must begin with http://",
    Malformed_HTTP_Response: "The server there does not speak HTTP. Check the host and the port in BASE_URL",
    ETIMEDOUT: "It does not answer. Check the network, and the host in BASE_URL",
    EHOSTUNREACH: "There is no route to it. Check the network, and the host in BASE_URL",
    ENETUNREACH: "There is no route to it. Check the network, and the host in BASE_URL",
  }),
);

/** Codes that may also mean that the network is down for a while. */
const doubtful = new Set([
  "ENOTFOUND",
  "EPROTO",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "Malformed_HTTP_Response",
]);

/**
 * Explains why a fetch failed: a certificate's fault in plain words, else the code with advice. Names the HTTP proxy on
 * the way, which may be what failed.
 */
export function explainFetchError(error: unknown, { url, httpProxy }: FetchTarget): FetchFailure {
  const code = errorCode(error);
  const fault = certificateFaults.get(code);
  if (fault !== undefined) return { text: `${fault} (${code})`, setUp: "wrong" };
  const setUp = doubtful.has(code) ? "doubtful" : undefined;
  if (httpProxy !== null) {
    const { variable, host } = httpProxy;
    const status = code === "ERR_PROXY_TUNNEL" ? statusOfTunnel(error) : null;
    const way = `Requests go through the HTTP proxy ${host}, set in ${variable}`;
    if (status === null)
      return { text: `${code}. ${way}. Is it running, and does it allow the connection?`, setUp };
    const text = `${code}. ${way}; it answered ${status}`;
    return { text, setUp: status < 500 ? "wrong" : undefined };
  }
  const hint = hints.get(code);
  if (hint === undefined) return { text: code, setUp };
  // A TLS server mostly sends nothing when a client speaks plain HTTP to it.
  const isPlainReset = code === "ECONNRESET" && url.protocol === "http:";
  const more = isPlainReset ? ". If it speaks TLS, BASE_URL must begin with https://" : "";
  return { text: `${code}. ${hint}${more}`, setUp };
}

/** Bun's message if a proxy opens no tunnel: "Proxy refused to open a tunnel: 407 …". */
function statusOfTunnel(error: unknown): number | null {
  return error instanceof Error ? readWholeNumber(/tunnel: (\d{3})\b/.exec(error.message)?.[1]) : null;
}
