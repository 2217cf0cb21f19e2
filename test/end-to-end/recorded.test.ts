import { expect } from "bun:test";
import { createAgentScript } from "../support/agent-script.ts";
import { startAnthropicModel } from "../support/anthropic-model.ts";
import type { Answer } from "../support/chunks.ts";
import { startStrictResponses } from "../support/responses/strict-responses.ts";
import { soonMs } from "../support/soon-ms.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { type Model, startStrictUpstream } from "../support/strict-upstream.ts";
import type { Upstream } from "../support/upstream.ts";
import { createAgentTask, filesAfter } from "./agent-task.ts";
import { type FileSession, openFileSession } from "./file-session.ts";
import type { ClientVersion } from "./install-client.ts";
import { createResponsesTask, prompts } from "./responses-task.ts";
import { readResult } from "./session.ts";
import { buildForTests, testClient } from "./test-client.ts";

const sideAnswer = { text: "none" };
const hints = { CLAUDE_CODE_GATEWAY_HINT_HEADERS: "1" };

const binary = buildForTests();

type RecordedSession = FileSession<{ up: Upstream }>;

/** A session that is recorded with everything that was said; `lines` say what the upstream is. */
function open(
  version: ClientVersion,
  createUpstream: (folder: string) => Promise<Upstream>,
  lines: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RecordedSession> {
  return openFileSession({
    binary: binary.path,
    version,
    createUpstreams: async (folder) => ({ up: await createUpstream(folder) }),
    file: ({ up }) => `
upstreams: { up: { url: "${up.baseUrl}", key: sk-upstream-key, ${lines} } }
routes: { default: up/main }
models: { up/main: { window: 131072 } }
`,
    settings: { RECORD_BODIES: "all", ...settings },
  });
}

/** What a command of the program says in the home of the proxy. */
async function ask({ proxy }: RecordedSession, args: readonly string[], stdin = ""): Promise<string> {
  const child = Bun.spawn([binary.path, ...args], {
    cwd: proxy.home,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: proxy.home,
      CONFIG_FILE: `${proxy.home}/config.yaml`,
      PORT: new URL(proxy.url).port,
    },
    stdin: Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${args.join(" ")}: ${out}${err}`);
  return out;
}

/** The record of all requests, once there are so many. */
async function readRows(session: RecordedSession, count: number): Promise<Json[]> {
  for (const endMs = performance.now() + soonMs; ; ) {
    const lines = (await ask(session, ["logs", "--json", "-n", "100"])).split("\n");
    const rows = lines.filter((line) => line !== "").map((line) => objectOf(JSON.parse(line)));
    if (rows.length >= count || performance.now() > endMs) return rows;
    await Bun.sleep(50);
  }
}

async function readSessions(session: RecordedSession): Promise<Json[]> {
  const { sums } = objectOf(JSON.parse(await ask(session, ["usage", "--by", "session", "--json"])));
  return objectsOf(sums);
}

/** A task for which the main agent asks another one for help. */
function createTask(folder: string): { model: Model; surprises: () => string[] } {
  const [read, edit, ...last] = createAgentTask(folder);
  if (read === undefined || edit === undefined) throw new Error("the task is too short");
  const prompt = "You are the helper: say a word.";
  const help = { description: "help", prompt, subagent_type: "general-purpose", run_in_background: false };
  const main = createAgentScript({
    steps: [
      read,
      { text: "I ask.", calls: [{ name: "Agent", arguments: help }], heard: ["alpha"] },
      { ...edit, heard: ["The helper is done."] },
      ...last,
    ],
    ids: "unique",
    sideAnswer,
  });
  const command = { command: "echo helped", description: "Help" };
  const helper = createAgentScript({
    steps: [
      { calls: [{ name: "Bash", arguments: command }] },
      { text: "The helper is done.", heard: ["helped"] },
    ],
    ids: "unique",
    sideAnswer,
  });
  return {
    model: (request) => {
      const isMain = JSON.stringify(request["messages"]).includes("Do the task.");
      return (isMain ? main : helper).model(request);
    },
    surprises: () => [...main.surprises, ...helper.surprises],
  };
}

/** Who asks, and which part of the prompt is not as it was the turn before; "first" where there was none. */
const turnOf = ({ agentType, kind, prefix }: Json): unknown[] => [
  agentType,
  kind,
  prefix === null ? "first" : objectOf(prefix)["place"],
];

const mainFirst = [null, "main", "first"];
const main = [null, "main", null];
const helper = (place: string | null) => ["general-purpose", "subagent", place];
const turnsOfTask = [mainFirst, main, helper("first"), helper(null), main, main, main, main];

for (const version of ["2.1.330", "newest"] as const) {
  testClient(
    version,
    "has a task recorded: whose each request was, and what it cost to the picodollar",
    async () => {
      const toldUsd: number[] = [];
      let findSurprises = (): string[] => ["nothing was asked"];
      const tellCost = (answer: Answer): Answer => {
        // Sums of such numbers are not exact in binary fractions.
        const cost = Number(`0.100000${toldUsd.length}`);
        toldUsd.push(cost);
        const details = { cached_tokens: 40_000 };
        const usage = { prompt_tokens: 45_000, completion_tokens: 500, total_tokens: 45_500, cost };
        return { ...answer, usage: { ...usage, prompt_tokens_details: details } };
      };
      const createUpstream = async (folder: string) => {
        const { model, surprises } = createTask(folder);
        findSurprises = surprises;
        return await startStrictUpstream("openrouter", (request) => {
          const answer = model(request);
          return "head" in answer ? answer : tellCost(answer);
        });
      };
      await using session = await open(version, createUpstream, "profile: openrouter");
      const done = readResult(await session.run("Do the task.", { environment: hints }));
      expect([findSurprises(), done["result"]]).toEqual([[], "The task is done."]);
      expect(await session.readFolder()).toEqual(filesAfter);

      const rows = await readRows(session, turnsOfTask.length);
      expect(rows.map(turnOf)).toEqual(turnsOfTask);
      expect(new Set(rows.map(({ sessionId }) => sessionId))).toEqual(new Set([done["session_id"]]));
      expect(rows.map(({ costUsd, costSource }) => [costUsd, costSource])).toEqual(
        toldUsd.map((cost) => [cost, "upstream"]),
      );
      const picodollars = toldUsd.reduce((sum, cost) => sum + Math.round(cost * 1e12), 0);
      const sum = { key: done["session_id"], requests: 8, costUsd: picodollars / 1e12, unknownCosts: 0 };
      expect(await readSessions(session)).toMatchObject([sum]);

      const { sessions } = objectOf(
        await (await fetch(`${session.proxy.url}/dashboard/api/sessions`)).json(),
      );
      const agents = objectsOf(objectsOf(sessions)[0]?.["agents"]);
      expect(agents.map(({ agentType, requests, window }) => [agentType, requests, window])).toEqual([
        [null, 6, 131_072],
        ["general-purpose", 2, 131_072],
      ]);
      const format = "{model} | {context} | {session_cost} | {cache}";
      const stdin = JSON.stringify({ session_id: done["session_id"] });
      expect(await ask(session, ["statusline", "--format", format], stdin)).toBe(
        "main | 46k/131k 35% | $0.80 | 89%\n",
      );

      // What is sent again is no part of the session.
      const id = String(rows[1]?.["requestId"]);
      const short = id.slice("req_".length, "req_".length + 8);
      const { answers } = objectOf(JSON.parse(await ask(session, ["replay", short, "--json"])));
      expect(objectsOf(answers)).toMatchObject([{ status: 200, stopReason: "tool_use", text: "I ask." }]);
      await readRows(session, turnsOfTask.length + 1);
      expect(await readSessions(session)).toMatchObject([sum, { key: `replay-${id}`, requests: 1 }]);
    },
  );

  testClient(version, "has its prompt go on as a cache needs it on Anthropic's wire", async () => {
    const createUpstream = (folder: string) => startAnthropicModel(createTask(folder).model);
    await using session = await open(version, createUpstream, "protocol: anthropic");
    const done = readResult(await session.run("Do the task.", { environment: hints }));
    expect(done["result"]).toBe("The task is done.");
    expect((await readRows(session, turnsOfTask.length)).map(turnOf)).toEqual(turnsOfTask);
  });

  testClient(version, "has its prompt go on as a cache needs it on the Responses API", async () => {
    const createUpstream = (folder: string) =>
      startStrictResponses({ family: "openai", model: createResponsesTask(folder, "status").model });
    await using session = await open(version, createUpstream, "protocol: responses, profile: openai");
    const [prompt] = prompts;
    const environment = { ...hints, CLAUDE_CODE_MAX_RETRIES: "3" };
    expect(readResult(await session.run(prompt, { environment }))["result"]).toBe("Word one.");
    // The server fails twice: the same request comes three times.
    const turns = [mainFirst, main, helper("first"), helper(null), main, main, main, main];
    expect((await readRows(session, turns.length)).map(turnOf)).toEqual(turns);
  });

  testClient(
    version,
    "shows a spent budget after one request, and its record names the session",
    async () => {
      const usage = { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010, cost: 0.6 };
      const createUpstream = () => startStrictUpstream("openrouter", () => ({ text: "Hello.", usage }));
      const budget = { BUDGET_USD_PER_DAY: "1" };
      await using session = await open(version, createUpstream, "profile: openrouter", budget);
      const environment = { CLAUDE_CODE_MAX_RETRIES: "10" };
      for (const count of [1, 2]) {
        expect(readResult(await session.run("Say hello.", { environment }))["result"]).toBe("Hello.");
        await readRows(session, count);
      }
      const refused = await session.run("Say hello.", { environment });
      const result = readResult(refused);
      expect([refused.exitCode, result["api_error_status"]]).toEqual([1, 429]);
      expect(result["result"]).toMatch(
        /^API Error: Request rejected \(429\) · claude-proxy: Today's limit of \$1 for everybody is reached: \$1\.20 spent\. /,
      );
      const asked = session.seen.filter(({ path }) => path.startsWith("/v1/messages"));
      expect(asked.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
      expect((await readRows(session, 3)).at(-1)).toMatchObject({
        sessionId: result["session_id"],
        kind: "main",
        errorType: "billing_error",
        costUsd: null,
      });
    },
  );
}
