import { expect, spyOn, test } from "bun:test";
import { digestKey } from "../../../src/config/digest-key.ts";
import { createKeyFinder } from "../../../src/server/clients/key-finder.ts";
import { clientSettings } from "../../support/file-config.ts";

const keyOf = (at: number) => `canary-key-${at}`;
const clients = Array.from({ length: 2_000 }, (_, at) => ({
  ...clientSettings(`client-${at}`),
  keyDigest: digestKey(keyOf(at)),
}));

test("of thousands of clients each is found by its key, with one comparison for each key", () => {
  const find = createKeyFinder(clients);
  const compare = spyOn(crypto, "timingSafeEqual");
  for (const at of [0, 1_000, 1_999]) expect(find([keyOf(at)])?.name).toBe(`client-${at}`);
  expect(find(["canary-stranger"])).toBeNull();
  expect(find([])).toBeNull();
  expect(find(["canary-stranger", keyOf(7), keyOf(8)])?.name).toBe("client-7");
  expect(compare.mock.calls.length).toBe(7);
  compare.mockRestore();
});

test("of two clients with one key the first counts", () => {
  const twins = ["one", "two"].map((name) => ({
    ...clientSettings(name),
    keyDigest: digestKey("canary-twin"),
  }));
  expect(createKeyFinder(twins)(["canary-twin"])?.name).toBe("one");
});
