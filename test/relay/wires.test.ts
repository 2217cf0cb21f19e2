import { expect, test } from "bun:test";
import { createLessonsInMemory } from "../../src/learned/learned-store.ts";
import type { AnyProtocol } from "../../src/protocols/protocol.ts";
import { createWires } from "../../src/relay/wires.ts";
import { toyProtocol } from "../protocols/toy/toy-protocol.ts";
import { clientOf } from "../upstream/client-of.ts";

function createCounted() {
  const loads: string[] = [];
  const loader = (id: string) => async (): Promise<AnyProtocol> => {
    loads.push(id);
    return (use) => use(toyProtocol);
  };
  const loaders = { chat: loader("chat"), responses: loader("responses") };
  const client = clientOf("http://127.0.0.1:9/v1");
  return { loads, wires: createWires(loaders, client, () => 0, createLessonsInMemory()) };
}

test("a wire that was loaded is used at once, and no other one is loaded", async () => {
  const { wires, loads } = createCounted();
  await wires.load(["chat"]);
  expect(wires.use("chat", ({ protocol }) => protocol.path)).toBe("/toy");
  expect(loads).toEqual(["chat"]);
});

test("another one is loaded once, when it is first needed", async () => {
  const { wires, loads } = createCounted();
  const use = () => wires.use("responses", (wire) => wire.repairs);
  const [first, second] = await Promise.all([use(), use()]);
  expect(first).toBe(second);
  expect(use()).toBe(first);
  expect(loads).toEqual(["responses"]);
});
