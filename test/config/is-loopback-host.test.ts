import { expect, test } from "bun:test";
import { isLoopbackHost } from "../../src/config/is-loopback-host.ts";

test.each([
  "localhost",
  "LOCALHOST",
  "x.localhost",
  "127.0.0.1",
  "127.9.9.9",
  "::1",
  "[::1]",
  "::ffff:127.0.0.1",
])("%s is this machine", (host) => {
  expect(isLoopbackHost(host)).toBe(true);
});

test.each([
  "0.0.0.0",
  "::",
  "192.168.1.5",
  "127.0.0.1.evil.example",
  "127.evil.example",
  "localhost.evil.example",
  "notlocalhost",
  "::ffff:10.0.0.1",
  "",
])("%s is not only this machine", (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
