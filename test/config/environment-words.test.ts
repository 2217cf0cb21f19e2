import { describe, expect, test } from "bun:test";
import { usesHttpProxy } from "../../src/config/find-http-proxy.ts";
import { wantsNoColor } from "../../src/config/foreign-variables.ts";

describe("[row 83] whether calls may go through an HTTP proxy", () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ HTTP_PROXY: "http://p" }, true],
    [{ HTTPS_PROXY: "http://p" }, true],
    [{ http_proxy: "http://p" }, true],
    [{ https_proxy: "http://p" }, true],
    [{ HTTP_PROXY: "", https_proxy: "" }, false],
    [{ NO_PROXY: "host", ALL_PROXY: "http://p" }, false],
  ])("%j: %p", (env, uses) => {
    expect(usesHttpProxy(env)).toBe(uses);
  });
});

describe("whether lines are to be plain", () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ NO_COLOR: "1" }, true],
    [{ NO_COLOR: "0" }, true],
    [{ NO_COLOR: "" }, false],
    [{ FORCE_COLOR: "1" }, false],
  ])("%j: %p", (env, wants) => {
    expect(wantsNoColor(env)).toBe(wants);
  });
});
