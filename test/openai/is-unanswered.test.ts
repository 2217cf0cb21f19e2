import { describe, expect, test } from "bun:test";
import { isUnanswered } from "../../src/openai/is-unanswered.ts";
import { UpstreamError } from "../../src/openai/upstream-error.ts";

function failedWith(code: string): UpstreamError {
  return new UpstreamError("network", "cannot reach it", { cause: Object.assign(new Error(code), { code }) });
}

describe("a request has met no answer", () => {
  test.each([
    ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"],
    ...["EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
    ...["ConnectionRefused", "ConnectionClosed", "FailedToOpenSocket"],
  ])("where it fails with %s", (code) => {
    expect(isUnanswered(failedWith(code))).toBe(true);
  });

  test.each<[string, unknown]>([
    ["the server speaks no TLS", failedWith("EPROTO")],
    ["its certificate has expired", failedWith("CERT_HAS_EXPIRED")],
    ["nothing tells why", failedWith("")],
    ["it was given up", new UpstreamError("aborted", "given up")],
    ["something else fails", Object.assign(new Error("x"), { code: "ECONNRESET" })],
  ])("but not where %s", (_, error) => {
    expect(isUnanswered(error)).toBe(false);
  });
});
