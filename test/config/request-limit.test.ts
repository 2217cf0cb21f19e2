import { describe, expect, test } from "bun:test";
import { ConfigError } from "../../src/config/config-error.ts";
import { getRequestLimit, raiseRequestLimit } from "../../src/config/request-limit.ts";

describe("the environment to start over in", () => {
  test("is the present one, with a higher limit of requests and without the last compiler and reports of crashes", () => {
    expect(raiseRequestLimit({ HOME: "/home/somebody", EMPTY: "", ABSENT: undefined })).toEqual({
      HOME: "/home/somebody",
      EMPTY: "",
      BUN_JSC_useFTLJIT: "0",
      BUN_ENABLE_CRASH_REPORTING: "0",
      BUN_CONFIG_MAX_HTTP_REQUESTS: "8192",
    });
  });

  test("keeps what the user has set", () => {
    const set = { BUN_JSC_useFTLJIT: "1", BUN_ENABLE_CRASH_REPORTING: "1" };
    expect(raiseRequestLimit(set)).toEqual({
      ...set,
      BUN_CONFIG_MAX_HTTP_REQUESTS: "8192",
    });
  });

  test("is none where a limit is set, so that nobody starts over twice", () => {
    expect(raiseRequestLimit({ BUN_CONFIG_MAX_HTTP_REQUESTS: "300" })).toBeNull();
    expect(raiseRequestLimit(raiseRequestLimit({}) ?? {})).toBeNull();
  });
});

test.each([
  ["300", 300],
  ["32", 32],
  [undefined, 256],
  ["0", 256],
  ["many", 256],
  // [F15] Bun itself takes none of these.
  ["1e3", 256],
  ["0x100", 256],
  [" 300 ", 256],
  ["-300", 256],
  ["9".repeat(400), 256],
])("a limit of %p lets %d requests be sent at a time", (value, limit) => {
  expect(getRequestLimit({ BUN_CONFIG_MAX_HTTP_REQUESTS: value })).toBe(limit);
});

test.each(["1", "16", "31"])("a limit of %s leaves too little and is refused", (value) => {
  expect(() => getRequestLimit({ BUN_CONFIG_MAX_HTTP_REQUESTS: value })).toThrow(
    new ConfigError(
      [`BUN_CONFIG_MAX_HTTP_REQUESTS is ${value}, which is too small: 16 of them are reserved.`],
      "Set it to 32 or more, or unset it.",
    ),
  );
});
