import { describe, expect, test } from "bun:test";
import type { Config } from "../../src/config/config.ts";
import { digestKey } from "../../src/config/digest-key.ts";
import type { ModelSettings } from "../../src/config/file-config.ts";
import { createShared, sharedUrl } from "../budget/shared/shared-counters.ts";
import { chunk, completionOf, stopChunk } from "../support/chunks.ts";
import { createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { whyNoPostgres } from "../support/postgres.ts";
import { startPostgresGate } from "../support/postgres-gate.ts";
import { json, sse, status } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import {
  hello,
  type Pair,
  type PairOptions,
  readBytes,
  readFailure,
  startPair,
} from "../support/start-pair.ts";
import { isObject } from "../support/strict/json.ts";

type Shared = Awaited<ReturnType<typeof createShared>>;

/** A token of the answer counts a cent. */
const centATokenOf = (shared: Pick<Shared, "url">): Partial<Config> => ({
  record: shared.url,
  budgetUsdPerDay: 1,
  budgetUnknownPrice: { input: 0, output: 10_000 },
});

/** One of several proxies at a database, whose upstream says that each answer costs so many cents. */
async function startOne(
  settings: Partial<Config>,
  { costCents = 10, ...options }: { costCents?: number } & PairOptions = {},
): Promise<Pair> {
  const pair = await startPair({ settings, ...options });
  const usage = { prompt_tokens: 10, completion_tokens: 5, cost: costCents / 100 };
  pair.upstream.respondWith(() => json(completionOf({ text: "hello", usage })));
  return pair;
}

/** The counters, once the record has all that has ended. */
async function readSettled(shared: Shared) {
  await until(async () => (await shared.counters()).every(({ held }) => held === 0));
  return await shared.counters();
}

/** A model whose output costs so many dollars for a million tokens. */
function modelCosting(output: number): ModelSettings {
  const facts = { window: null, maxOutput: null, images: null, pdf: null, tools: null, reasoning: null };
  const price = { input: 0, output, cacheRead: null, cacheWrite: null };
  return { ...facts, name: null, like: null, price };
}

const asking = (tokens: number) => ({ ...hello, max_tokens: tokens });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + soonMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await Bun.sleep(10);
  }
}

describe.skipIf(whyNoPostgres !== null)("several proxies at one database", () => {
  test("50 requests at once overshoot a cap by one request of each at most", async () => {
    await using shared = await createShared("caps_whole");
    // A machine with too much to do lets nobody pass unasked.
    const settings: Partial<Config> = { ...centATokenOf(shared), capsFail: "closed" };
    await using one = await startOne(settings);
    await using two = await startOne(settings);
    await using three = await startOne(settings);
    const all = [one, two, three];
    const usage = { prompt_tokens: 10, completion_tokens: 5, cost: 0.1 };
    // All have asked before the first answer ends.
    for (const pair of all)
      pair.upstream.respondWith(() => json(completionOf({ text: "hello", usage }), { headDelayMs: 2_000 }));
    const ask = async (pair: typeof one): Promise<Response> => {
      const answer = await pair.post(asking(10));
      return answer.status === 503 ? ask(pair) : answer;
    };
    const answers = await Promise.all(
      all.flatMap((pair, index) => Array.from({ length: index === 0 ? 18 : 16 }, () => ask(pair))),
    );
    const sent = all.reduce((sum, { upstream }) => sum + upstream.requests.length, 0);
    const refused = answers.filter((answer) => answer.status !== 200);
    expect(refused).toHaveLength(50 - sent);
    // Ten fill the cap, and each proxy may send one that does not fit into it.
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(13);
    for (const answer of refused) {
      expect(await readFailure(answer)).toEqual([
        429,
        "rate_limit_error",
        expect.stringMatching(
          /^claude-proxy: Today's limit of \$1 for everybody: \$[\d.]+ spent, and running requests may spend the rest\. Try again in a few seconds\.$/,
        ),
      ]);
    }
    expect(await readSettled(shared)).toEqual([
      { name: "everybody day", spent: 10 * sent, reserved: 0, held: 0 },
    ]);
    // What is left is spent one by one.
    for (const pair of all) pair.upstream.respondWith(() => json(completionOf({ text: "hello", usage })));
    for (const pair of all) {
      let answer = await ask(pair);
      while (answer.status === 200) answer = await ask(pair);
      const [code, type, message] = await readFailure(answer);
      expect([code, type]).toEqual([429, "billing_error"]);
      expect(message).toContain("Today's limit of $1 for everybody is reached");
    }
    const [{ spent } = { spent: 0 }] = await readSettled(shared);
    expect(spent).toBeGreaterThanOrEqual(100);
    expect(spent).toBeLessThanOrEqual(130);
  });

  test("a session that moves to another proxy takes its cap along; running answers finish", async () => {
    await using shared = await createShared("caps_whole_session");
    const settings = { ...centATokenOf(shared), budgetUsdPerDay: undefined, budgetUsdPerSession: 0.5 };
    await using one = await startOne(settings, { costCents: 60 });
    await using two = await startOne(settings);
    const of = { headers: { "x-claude-code-session-id": "5e551011" } };
    two.upstream.reply(
      sse([chunk({ content: "slow" }), chunk({ content: " but whole" }), stopChunk], { paceMs: 100 }),
    );
    const running = await two.post({ ...asking(10), stream: true }, of);
    expect((await one.post(asking(10), of)).status).toBe(200);
    await until(async () => (await shared.counters())[0]?.spent === 60);
    expect((await readFailure(await two.post(asking(10), of)))[2]).toContain(
      "The limit of $0.50 for one session is reached: $0.60 spent.",
    );
    expect(Buffer.from(await readBytes(running)).toString()).toContain("message_stop");
    expect((await two.post(asking(10))).status).toBe(200);
  });

  test("a database that takes 2 s delays nobody for long, and closed refuses", async () => {
    await using shared = await createShared("caps_whole_slow");
    await using gate = await startPostgresGate(shared.server.port);
    const settings = { ...centATokenOf(shared), record: sharedUrl(gate.urlOf(shared.url)) };
    await using open = await startOne(settings);
    await using closed = await startOne({ ...settings, capsFail: "closed" });
    for (const pair of [open, closed]) await until(async () => (await pair.post(asking(1))).status === 200);
    gate.delay(2_000);
    expect((await open.post(asking(10))).status).toBe(200);
    expect(open.proxy.complaints).toContainEqual(
      expect.stringContaining("the shared record does not answer: budgets count what this instance knows"),
    );
    const [code, type, message] = await readFailure(await closed.post(asking(10)));
    expect([code, type]).toEqual([503, "api_error"]);
    expect(message).toContain("the shared record does not answer");
    const before = closed.upstream.requests.length;
    expect((await closed.count()).status).toBe(200);
    expect(closed.upstream.requests.length).toBe(before);
    await gate.pass();
    await until(async () => (await closed.post(asking(1))).status === 200);
  });

  test("a client of the database has one cap at all proxies", async () => {
    await using shared = await createShared("caps_whole_client");
    const key = "canary-client-key-0123456789";
    await shared.postgres.query(
      `insert into proxy_clients (name, key_digest, usd_per_day) values ('ci', '${digestKey(key)}', 1)`,
    );
    const settings = { ...centATokenOf(shared), budgetUsdPerDay: undefined };
    await using one = await startOne(settings, { costCents: 100 });
    await using two = await startOne(settings);
    const as = { headers: { "x-api-key": key } };
    await until(async () => (await one.post(asking(10), as)).status === 200);
    await until(async () => (await shared.counters())[0]?.spent === 100);
    await until(async () => (await two.post(asking(10), as)).status === 429);
    expect((await readFailure(await two.post(asking(10), as)))[2]).toMatch(
      /^claude-proxy: Today's limit of \$1 for client ci is reached: \$1 spent\. .*, or when you raise usd_per_day with claude-proxy clients change ci\.$/,
    );
    expect(two.upstream.requests).toEqual([]);
  });

  test("a target that is asked next reserves what it costs itself", async () => {
    await using shared = await createShared("caps_whole_next");
    const fileOf = (baseUrl: string) =>
      createFileConfig({
        upstreams: [upstreamSettings("cheap", baseUrl), upstreamSettings("dear", baseUrl)],
        routes: { default: ["cheap/small", "dear/large"] },
        models: new Map([
          ["cheap/small", modelCosting(10_000)],
          ["dear/large", modelCosting(50_000)],
        ]),
      });
    await using one = await startOne(centATokenOf(shared), { fileOf });
    const usage = { prompt_tokens: 0, completion_tokens: 10 };
    one.upstream.respondWith(({ body }) =>
      isObject(body) && body["model"] === "small"
        ? status(503, "down")
        : json(completionOf({ text: "hello", usage }), { headDelayMs: 1_000 }),
    );
    const first = one.post(asking(10));
    await until(async () => (await shared.counters())[0]?.reserved === 50);
    // Whoever lives is known by the same id: what is reserved for others is taken back.
    const ofLiving = "select i.id from proxy_reservations r join proxy_instances i on i.id = r.instance";
    await until(async () => (await shared.postgres.query(ofLiving)).length === 1);
    expect((await first).status).toBe(200);
    await one.proxy.record(0);
    expect(await readSettled(shared)).toEqual([{ name: "everybody day", spent: 50, reserved: 0, held: 0 }]);
  });
});
