import { expect, test } from "bun:test";
import { type Admission, createAdmission } from "../../src/server/admission.ts";
import { createPauseCollector, type PauseOptions } from "../../src/server/pause-collector.ts";
import { countCalls } from "../performance/count-calls.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, startPair } from "../support/start-pair.ts";

const quietMs = 50;
// The tests share their process with others, which grow and shrink it: only the first one goes by its real size.
const always = Number.NEGATIVE_INFINITY;
const never = Number.POSITIVE_INFINITY;

/** An admission whose requests are seen by a collector. */
function watchedAdmission(options: PauseOptions): Admission {
  const collector = createPauseCollector(() => admission.running, options);
  const admission = createAdmission(10, { onEnd: collector.noteEnd });
  return {
    ...admission,
    get running() {
      return admission.running;
    },
    close() {
      admission.close();
      collector.close();
    },
  };
}

/** How many collections were asked for while `work` ran. */
async function countCollections(work: () => Promise<unknown>): Promise<number> {
  return (await countCalls(Bun, "gc", work)).calls;
}

test("memory is given back once no request has run for a while", async () => {
  Bun.gc(true);
  await using pair = await startPair({ quietMs });
  const sizeBytes = process.memoryUsage.rss();
  const held: Buffer[] = [];
  pair.upstream.respondWith(() => {
    // Room that the tests before have given back is taken first, which is no growth.
    while (process.memoryUsage.rss() - sizeBytes < 150_000_000) held.push(Buffer.alloc(50_000_000, 1));
    return json(completionOf({ text: "hi" }));
  });
  expect(await countCollections(async () => (await pair.post(hello)).text())).toBe(0);
  let collections = 0;
  for (const endMs = performance.now() + soonMs; collections === 0 && performance.now() < endMs; )
    collections = await countCollections(() => Bun.sleep(quietMs));
  expect(collections).toBe(1);
  expect(held.length).toBeGreaterThan(0);
});

test("memory is not given back while a request runs", async () => {
  const admission = watchedAdmission({ quietMs, worthwhileBytes: always });
  const leaveFirst = admission.enter();
  const leaveSecond = admission.enter();
  leaveFirst();
  expect(admission.running).toBe(1);
  expect(await countCollections(() => Bun.sleep(4 * quietMs))).toBe(0);
  leaveSecond();
  const leaveThird = admission.enter();
  expect(await countCollections(() => Bun.sleep(4 * quietMs))).toBe(0);
  leaveThird();
  expect(await countCollections(() => Bun.sleep(4 * quietMs))).toBe(1);
});

test("a collection that would bring nothing is left out", async () => {
  const admission = watchedAdmission({ quietMs, worthwhileBytes: never });
  admission.enter()();
  expect(await countCollections(() => Bun.sleep(4 * quietMs))).toBe(0);
});

test("so is one that would bring only what was held from the beginning", async () => {
  const worthwhileBytes = process.memoryUsage.rss() / 2;
  const admission = watchedAdmission({ quietMs, worthwhileBytes });
  admission.enter()();
  expect(await countCollections(() => Bun.sleep(4 * quietMs))).toBe(0);
});

test("a pause begins with the end of the last request", async () => {
  const admission = watchedAdmission({ quietMs: 300, worthwhileBytes: always });
  const endMs = performance.now() + 700;
  const busy = await countCollections(async () => {
    while (performance.now() < endMs) {
      admission.enter()();
      await Bun.sleep(10);
    }
  });
  expect(busy).toBe(0);
  expect(await countCollections(() => Bun.sleep(600))).toBe(1);
});

test.each<[string, (leave: () => void, close: () => void) => void]>([
  ["before the last request has ended", (leave, close) => [close(), leave()]],
  ["in the pause behind it", (leave, close) => [leave(), close()]],
])("memory is not given back once the server has stopped, %s", async (_, end) => {
  const admission = watchedAdmission({ quietMs, worthwhileBytes: always });
  end(admission.enter(), admission.close);
  expect(await countCollections(() => Bun.sleep(4 * quietMs))).toBe(0);
  expect(admission.enter).toThrow("claude-proxy is stopping");
});
