import { expect, test } from "bun:test";
import { ApiError } from "../../../src/anthropic/api-error.ts";
import { createRequestLimits } from "../../../src/server/clients/request-limits.ts";
import { clientSettings } from "../../support/file-config.ts";

/** Limits on a clock that the test moves; `admit` gives null, or the seconds to wait. */
function createLimits() {
  let nowMs = 1_000_000;
  const limits = createRequestLimits(() => nowMs);
  const admit = (requestsPerMinute: number | null, name = "ci"): string | null => {
    try {
      limits.admit(clientSettings(name, { requestsPerMinute }));
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      expect(error.message).toContain(`the client ${name} `);
      return error.headers["retry-after"] ?? "none";
    }
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { admit, pass };
}

test("a minute after a request there is room for another one, and not sooner", () => {
  const { admit, pass } = createLimits();
  expect(admit(2)).toBeNull();
  pass(20_000);
  expect(admit(2)).toBeNull();
  expect(admit(2)).toBe("40");
  pass(39_999);
  expect(admit(2)).toBe("1");
  pass(1);
  expect(admit(2)).toBeNull();
  expect(admit(2)).toBe("20");
});

test("what is refused does not count", () => {
  const { admit, pass } = createLimits();
  admit(1);
  for (let index = 0; index < 100; index += 1) expect(admit(1)).toBe("60");
  pass(60_000);
  expect(admit(1)).toBeNull();
});

test("a changed limit holds at once, for what was sent before as well", () => {
  const { admit, pass } = createLimits();
  for (let index = 0; index < 3; index += 1) {
    expect(admit(3)).toBeNull();
    pass(10_000);
  }
  // At 0, 10 and 20 s; it is 30 s. With one a minute the last of the three must be over.
  expect(admit(1)).toBe("50");
  expect(admit(4)).toBeNull();
  expect(admit(4)).toBe("30");
  expect(admit(null)).toBeNull();
});

test("clients have nothing to do with each other", () => {
  const { admit } = createLimits();
  expect(admit(1, "one")).toBeNull();
  expect(admit(1, "two")).toBeNull();
  expect(admit(1, "one")).toBe("60");
});

test("several instances have an equal share each, rounded up, and say so", () => {
  let instances = 3;
  const limits = createRequestLimits(
    () => 0,
    () => instances,
  );
  const ci = clientSettings("ci", { requestsPerMinute: 7 });
  for (let index = 0; index < 3; index += 1) limits.admit(ci);
  expect(() => limits.admit(ci)).toThrow(
    "claude-proxy: the client ci may send 7 requests a minute, 3 of them at each of 3 instances (requests_per_minute). Try again in 60 seconds.",
  );
  // One has ended.
  instances = 2;
  limits.admit(ci);
  expect(() => limits.admit(ci)).toThrow("4 of them at each of 2 instances");
});
