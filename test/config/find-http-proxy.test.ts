import { expect, test } from "bun:test";
import { findHttpProxy, usesHttpProxy } from "../../src/config/find-http-proxy.ts";

const proxy = "http://user:secret@proxy.test:3128";

test.each<[url: string, env: Record<string, string>, variable: string | null]>([
  ["https://api.test/v1", {}, null],
  ["https://api.test/v1", { HTTPS_PROXY: proxy }, "HTTPS_PROXY"],
  ["https://api.test/v1", { https_proxy: proxy, HTTPS_PROXY: "http://other" }, "https_proxy"],
  ["https://api.test/v1", { HTTPS_PROXY: "" }, null],
  ["https://api.test/v1", { HTTP_PROXY: proxy }, null],
  ["http://api.test/v1", { HTTP_PROXY: proxy }, "HTTP_PROXY"],
  ["http://api.test/v1", { HTTPS_PROXY: proxy }, null],
  ["http://api.test/v1", { HTTP_PROXY: proxy, NO_PROXY: "x.test, api.test" }, null],
  ["http://api.test/v1", { HTTP_PROXY: proxy, no_proxy: ".test" }, null],
  ["http://api.test/v1", { HTTP_PROXY: proxy, no_proxy: "*.test" }, null],
  ["http://api.test/v1", { HTTP_PROXY: proxy, NO_PROXY: "*" }, null],
  ["http://api.test:81/v1", { HTTP_PROXY: proxy, NO_PROXY: "API.test:81" }, null],
  ["http://api.test/v1", { HTTP_PROXY: proxy, NO_PROXY: "pi.test,," }, "HTTP_PROXY"],
])("the HTTP proxy to %s with %j", (url, env, variable) => {
  const found = variable === null ? null : { variable, host: "proxy.test:3128" };
  expect(findHttpProxy(new URL(url), env)).toEqual(found);
});

test("an address that is none names nothing that could be a password", () => {
  expect(findHttpProxy(new URL("http://a.test"), { HTTP_PROXY: "secret words" })).toEqual({
    variable: "HTTP_PROXY",
    host: "",
  });
});

test.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ HTTP_PROXY: "" }, false],
  [{ http_proxy: proxy }, true],
  [{ HTTPS_PROXY: proxy }, true],
])("whether any is used with %j", (env, uses) => {
  expect(usesHttpProxy(env)).toBe(uses);
});
