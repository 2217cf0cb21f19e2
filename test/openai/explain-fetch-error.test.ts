import { describe, expect, test } from "bun:test";
import { metNoAnswer } from "../../src/openai/explain-fetch-error.ts";

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
