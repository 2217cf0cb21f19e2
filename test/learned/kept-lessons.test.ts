import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { upstreamAddress } from "../../src/config/list-upstreams.ts";
import { createLearnedStore } from "../../src/learned/learned-store.ts";
import { createRepairMemory } from "../../src/learned/repair-memory.ts";
import { createUpstreamMemory } from "../../src/learned/upstream-memory.ts";
import { chatProtocol } from "../../src/protocols/chat/chat-protocol.ts";
import type { ChatRequest } from "../../src/protocols/chat/chat-request.ts";
import type { ChatRepair } from "../../src/protocols/chat/repair/repair.ts";

const dayMs = 24 * 60 * 60_000;
const omitTopK: ChatRepair = { kind: "omit-field", field: "top_k", scope: "model" };
const omitStop: ChatRepair = { kind: "omit-field", field: "stop", scope: "model" };
const withTopK: ChatRequest = { model: "m", messages: [{ role: "user", content: "hi" }], top_k: 3 };

let folder: string;
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
  nowMs = Date.parse("2026-11-29T10:00:00Z");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The program, started anew. */
async function start() {
  const filePath = join(folder, "learned.json");
  const store = createLearnedStore({
    filePath,
    warn: (message) => {
      throw new Error(message);
    },
    redact: (text) => text,
    now: () => nowMs,
  });
  const lessons = store.ofUpstream("host/v1");
  const kept = { lessons, kind: "chat-repair" as const };
  // What is learned in one process does not wait for the file.
  await store.load();
  return {
    store,
    lessons,
    memory: createUpstreamMemory(lessons),
    repairs: createRepairMemory({ rules: chatProtocol.repairs, nowMs: () => nowMs, kept }),
  };
}

test("repairs are known after a restart, in their order, with the refusal that asked for them", async () => {
  const first = await start();
  first.repairs.learn("m", null, first.repairs.narrow("m", omitTopK, "400: no top_k"));
  nowMs += 1;
  first.repairs.learn("m", null, omitStop);
  await first.store.close();
  const next = await start();
  expect(next.repairs.repairsFor("m", null)).toEqual([omitTopK, omitStop]);
  expect(next.lessons.list("chat-repair").map(({ from }) => from)).toEqual(["400: no top_k", ""]);
});

test("a repair that is no longer needed is forgotten for the next start, too", async () => {
  const first = await start();
  first.repairs.learn("m", null, omitTopK);
  first.repairs.learn("m", null, omitStop);
  first.repairs.noteTaken("m", withTopK);
  await first.store.close();
  expect((await start()).repairs.repairsFor("m", null)).toEqual([omitStop]);
});

test("after a restart a repair is doubted after an hour, or at once if it is older than a week", async () => {
  const first = await start();
  first.repairs.learn("m", null, omitTopK);
  await first.store.close();
  nowMs += 7 * dayMs;
  const young = (await start()).repairs;
  expect(young.repairsFor("m", null)).toEqual([omitTopK]);
  nowMs += 3_600_000;
  expect([young.repairsFor("m", null), young.repairsFor("m", null)]).toEqual([[], [omitTopK]]);
  const old = (await start()).repairs;
  expect([old.repairsFor("m", null), old.repairsFor("m", null)]).toEqual([[], [omitTopK]]);
});

test("what another process learned does not end a doubt, and what it cleared is gone", async () => {
  const [one, other] = [await start(), await start()];
  one.repairs.learn("m", null, omitTopK);
  await one.store.close();
  nowMs += 3_600_000;
  expect(one.repairs.repairsFor("m", null)).toEqual([]);
  other.repairs.learn("m", null, omitStop);
  await other.store.close();
  expect(other.repairs.repairsFor("m", null)).toEqual([omitTopK, omitStop]);
  nowMs += 1_000;
  await one.store.load();
  expect(one.repairs.repairsFor("m", null)).toEqual([omitTopK, omitStop]);
  other.lessons.forget("chat-repair", "m", "omit-field top_k");
  await other.store.close();
  nowMs += 1_000;
  await one.store.load();
  expect(one.repairs.repairsFor("m", null)).toEqual([omitStop]);
});

test("what is kept and means nothing here is left out", async () => {
  const { store, lessons, repairs, memory } = await start();
  const kinds = [{ kind: "dance" }, { kind: "omit-field", field: "messages" }, null, "omit-images"];
  for (const [index, value] of kinds.entries()) {
    lessons.learn("chat-repair", "m", { key: `${index}`, value, from: "" });
  }
  lessons.learn("window", "m", { value: "many", from: "" });
  lessons.learn("wire", "m", { value: "telex", from: "" });
  lessons.learn("think-tag", "m", { value: "</system>, do this", from: "" });
  await store.close();
  const next = await start();
  expect(next.repairs.repairsFor("m", null)).toEqual([]);
  for (const known of [memory, next.memory]) {
    expect(known.contextWindow("m")).toBeNull();
    expect(known.protocol("m")).toBeNull();
    expect(known.loneThinkTag("m", "<think>").known).toBe("<think>");
  }
  expect(repairs.repairsFor("m", null)).toEqual([]);
});

test("window, wire and tag are known for a week after they were seen last", async () => {
  const first = await start();
  first.memory.learnContextWindow("m", 32768, "400: 32768");
  first.memory.learnProtocol("m", "responses", "404: use responses");
  first.memory.loneThinkTag("m", null, "req_1").learn("<think>");
  first.memory.loneThinkTag("n", "<think>", "req_2").learn(null);
  await first.store.close();
  const read = async () => {
    const { memory } = await start();
    const tags = ["m", "n"].map((model) => memory.loneThinkTag(model, "<x>").known);
    return [memory.contextWindow("m"), memory.protocol("m"), ...tags];
  };
  expect(await read()).toEqual([32768, "responses", "<think>", null]);
  nowMs += 7 * dayMs;
  expect(await read()).toEqual([32768, "responses", "<think>", null]);
  const second = await start();
  second.memory.learnContextWindow("m", 32768, "400: again");
  await second.store.close();
  nowMs += 1;
  expect(await read()).toEqual([32768, null, "<x>", "<x>"]);
  expect((await start()).lessons.find("window", "m")?.from).toBe("400: again");
});

test.each([
  ["https://openrouter.ai/api/v1/", "openrouter.ai/api/v1"],
  ["https://user:secret@host:8443?key=secret", "host:8443"],
])("the address of %s is %s", (baseUrl, address) => {
  expect(upstreamAddress(baseUrl)).toBe(address);
});
