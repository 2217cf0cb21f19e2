import { errorCode } from "./answer-body.ts";

const unknownSigner =
  "its certificate is signed by nobody whom this machine trusts. If you trust the signer, start claude-proxy with the signer's PEM file in NODE_EXTRA_CA_CERTS";

/** What is wrong with a server's certificate, and what can be done about it, by the code that fetch fails with. */
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

/** Failures that say that the request met no answer. A server that is just closing an idle connection resets it. */
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

/** Whether a fetch failed before its request can have met anybody, so that it may be sent once more. */
export function metNoAnswer(error: unknown): boolean {
  return unansweredCodes.has(errorCode(error));
}

/** Why a fetch failed, for a person: a certificate's fault in plain words with its code, else the code alone. */
export function explainFetchError(error: unknown): string {
  const code = errorCode(error);
  const fault = certificateFaults.get(code);
  return fault === undefined ? code : `${fault} (${code})`;
}
