import { expect, test } from "bun:test";
import { resolvesHost } from "../../src/server/resolves-host.ts";

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["fe80::1%eth0", true],
  // An address is one also where it has to do with nothing that is here.
  ["fe80::1%nowhere-at-all", true],
  ["203.0.113.7", true],
  ["localhost", true],
  // Longer than a part of a name can be, so that no server of names is asked.
  ["x".repeat(64), false],
])("an address is known for %s: %p", async (host, isKnown) => {
  expect(await resolvesHost(host)).toBe(isKnown);
});
