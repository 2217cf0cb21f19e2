import { describe, expect, test } from "bun:test";
import { explainFetchError, metNoAnswer } from "../../src/upstream/explain-fetch-error.ts";
import type { SetUpFault } from "../../src/upstream/upstream-error.ts";

function failedWith(code: string): Error {
  return Object.assign(new Error("no"), { code });
}

describe("a request has met no answer", () => {
  test.each([
    ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"],
    ...["EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
    ...["ConnectionRefused", "ConnectionClosed", "FailedToOpenSocket"],
  ])("where it fails with %s", (code) => {
    expect(metNoAnswer(failedWith(code))).toBe(true);
  });

  test.each<[string, unknown]>([
    ["the server speaks no TLS", failedWith("EPROTO")],
    ["its certificate has expired", failedWith("CERT_HAS_EXPIRED")],
    ["nothing tells why", failedWith("")],
    ["it was given up", new DOMException("no", "AbortError")],
    ["no error was thrown", "ECONNRESET"],
  ])("but not where %s", (_, error) => {
    expect(metNoAnswer(error)).toBe(false);
  });
});

const failed = (code: string, message = "failed at https://user:secret@host") =>
  Object.assign(new Error(message), { code });
const target = (url: string) => ({ url: new URL(url), httpProxy: null });

test.each<[code: string, url: string, hint: string, setUp: SetUpFault | undefined]>([
  [
    "ECONNREFUSED",
    "http://127.0.0.1:1/v1",
    "Is the server running, and is this its port? The address is the setting BASE_URL",
    undefined,
  ],
  [
    "ENOTFOUND",
    "https://a.invalid/v1",
    "The host name is unknown. Check the host in BASE_URL, and the network",
    "doubtful",
  ],
  [
    "EAI_AGAIN",
    "https://a.invalid/v1",
    "Host names cannot be resolved at the moment. Check the network",
    undefined,
  ],
  ["ECONNRESET", "https://a.invalid/v1", "It closed the connection without an answer", undefined],
  [
    "ECONNRESET",
    "http://a.invalid/v1",
    "It closed the connection without an answer. If it speaks TLS, BASE_URL must begin with https://",
    undefined,
  ],
  [
    "EPROTO",
    "https://a.invalid/v1",
    "TLS could not be negotiated. If the server at this port does not use TLS, BASE_URL must begin with http://",
    "doubtful",
  ],
  [
    "Malformed_HTTP_Response",
    "http://a.invalid/v1",
    "The server there does not speak HTTP. Check the host and the port in BASE_URL",
    "doubtful",
  ],
  [
    "ETIMEDOUT",
    "https://a.invalid/v1",
    "It does not answer. Check the network, and the host in BASE_URL",
    "doubtful",
  ],
  [
    "EHOSTUNREACH",
    "https://a.invalid/v1",
    "There is no route to it. Check the network, and the host in BASE_URL",
    "doubtful",
  ],
  [
    "ENETUNREACH",
    "https://a.invalid/v1",
    "There is no route to it. Check the network, and the host in BASE_URL",
    "doubtful",
  ],
])("[5.5:network] %s at %s says what to look at", (code, url, hint, setUp) => {
  expect(explainFetchError(failed(code), target(url))).toEqual({ text: `${code}. ${hint}`, setUp });
});

test("[5.5:network] a code that nobody knows is told alone, and never the text beside it", () => {
  expect(explainFetchError(failed("EODD"), target("http://a.invalid"))).toEqual({
    text: "EODD",
    setUp: undefined,
  });
});

test("[5.5:network] a certificate's fault is never a passing one", () => {
  const { text, setUp } = explainFetchError(failed("CERT_HAS_EXPIRED"), target("https://a.invalid"));
  expect([text, setUp]).toEqual([
    "its certificate has expired, or the clock of this machine is wrong (CERT_HAS_EXPIRED)",
    "wrong",
  ]);
});

test.each<[code: string, message: string, text: string, setUp: SetUpFault | undefined]>([
  ["ECONNREFUSED", "", "Is it running, and does it allow the connection?", undefined],
  ["ENOTFOUND", "", "Is it running, and does it allow the connection?", "doubtful"],
  [
    "ERR_PROXY_TUNNEL",
    "Proxy refused to open a tunnel: 407 Proxy Authentication Required",
    "it answered 407",
    "wrong",
  ],
  [
    "ERR_PROXY_TUNNEL",
    "Proxy refused to open a tunnel: 503 Service Unavailable",
    "it answered 503",
    undefined,
  ],
])("[5.5:network] %s behind an HTTP proxy names that: %s", (code, message, end, setUp) => {
  const httpProxy = { variable: "HTTPS_PROXY", host: "proxy.test:3128" };
  const told = explainFetchError(failed(code, message), { url: new URL("https://a.invalid"), httpProxy });
  expect(told.setUp).toBe(setUp);
  expect(told.text).toStartWith(
    `${code}. Requests go through the HTTP proxy proxy.test:3128, set in HTTPS_PROXY`,
  );
  expect(told.text).toEndWith(end);
});
