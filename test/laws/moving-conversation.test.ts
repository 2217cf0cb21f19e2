import { expect, test } from "bun:test";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { createAgentClient } from "../support/agent-client.ts";
import type { Answer } from "../support/chunks.ts";
import { createFileConfig, upstreamSettings } from "../support/file-config.ts";
import { json } from "../support/reply.ts";
import { asResponsesModel, startStrictResponses } from "../support/responses/strict-responses.ts";
import { startTestProxy } from "../support/start-proxy.ts";
import { type Json, objectOf, objectsOf } from "../support/strict/json.ts";
import { startStrictAnthropic } from "../support/strict-anthropic.ts";
import { startStrictUpstream } from "../support/strict-upstream.ts";

const families: readonly ProfileId[] = ["openrouter", "deepseek", "ollama"];
const models: Readonly<Record<string, string>> = {
  anthropic: "claude-opus-5-5",
  openrouter: "moonshotai/kimi-k2.6",
  deepseek: "deepseek-v4-pro",
  ollama: "gpt-oss:20b",
  openai: "gpt-5.6",
};

/** A way on which each of them is followed by each other one and by itself, back to the first. */
function walkAll(names: readonly string[]): string[] {
  const left = new Map(names.map((name) => [name, [...names]]));
  const open = names.slice(0, 1);
  const walked: string[] = [];
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const next = left.get(at)?.pop();
    if (next === undefined) walked.push(...open.splice(-1));
    else open.push(next);
  }
  return walked.reverse();
}

const names = ["anthropic", ...families, "openai"];
const way = walkAll(names);

test("the way leads from each upstream to each one", () => {
  const steps = new Set(way.slice(1).map((name, index) => `${way[index]} ${name}`));
  expect([steps.size, way.length]).toEqual([names.length ** 2, names.length ** 2 + 1]);
});

const tool = (name: string) => ({
  name,
  description: `It does ${name}.`,
  input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
});

/** Which texts a conversation holds, wherever they stand in it: every upstream must know what was said elsewhere. */
const countSaid = (messages: unknown) =>
  new Set(JSON.stringify(messages).match(/(?:answer|result|question) \d+\.\d?/g)).size;

/** How one conversation goes along the way. `hasCalls`: the answer before a turn calls tools, so that the turn moves on inside a loop. */
async function travel(options: { stream: boolean; thinking: Json; hasCalls: (turn: number) => boolean }) {
  let turn = 0;
  const heard: number[] = [];
  const answer = (conversation: Json): Answer => {
    heard.push(countSaid(conversation["messages"]));
    return {
      reasoning: `I think of turn ${turn}. 🙂`,
      // Not every answer has a text.
      ...(turn % 3 === 2 && options.hasCalls(turn) ? {} : { text: `answer ${turn}.` }),
      // The ids come back in every turn, as many servers have it.
      toolCalls: options.hasCalls(turn)
        ? [
            { id: "call_0", name: "Read", arguments: { path: `/tmp/${turn}` } },
            { id: "functions.Write:1", name: "Write", arguments: { path: "ü" } },
          ]
        : [],
    };
  };
  const anthropic = await startStrictAnthropic((request) => {
    const { toolCalls = [], ...said } = answer(request);
    const own = toolCalls.map((call, index) => ({ ...call, id: `toolu_${turn}_${index}` }));
    return { ...said, toolCalls: own };
  });
  const others = await Promise.all(families.map((family) => startStrictUpstream(family, answer)));
  const openai = await startStrictResponses({ family: "openai", model: asResponsesModel(answer) });
  const file = createFileConfig({
    upstreams: [
      upstreamSettings("anthropic", anthropic.baseUrl, { protocol: "anthropic" }),
      ...families.map((profile, index) =>
        upstreamSettings(profile, others[index]?.baseUrl ?? "", { profile, protocol: "chat" }),
      ),
      upstreamSettings("openai", openai.baseUrl, {
        profile: "openai",
        protocol: "responses",
        keys: ["sk-upstream-key"],
      }),
    ],
  });
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file } });
  const client = createAgentClient(
    (body) =>
      fetch(`${proxy.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-claude-code-session-id": "session-1" },
        body: JSON.stringify(body),
      }),
    {
      max_tokens: 4000,
      stream: options.stream,
      system: [{ type: "text", text: "You help.", cache_control: { type: "ephemeral" } }],
      tools: [tool("Read"), tool("Write")],
      thinking: options.thinking,
    },
  );
  const wanted: number[] = [];
  let said = 0;
  for (const upstream of way) {
    const more = { model: `${upstream}/${models[upstream]}` };
    const isLoop = turn > 0 && options.hasCalls(turn - 1);
    said += isLoop ? 2 : 1;
    wanted.push(said);
    if (isLoop)
      await client.tell([{ content: `result ${turn}.1` }, { content: `result ${turn}.2` }], { more });
    else await client.say(`question ${turn}.`, more);
    if (!(turn % 3 === 2 && options.hasCalls(turn))) said += 1;
    turn += 1;
  }
  const all = [anthropic, ...others, openai];
  await proxy.stop();
  await Promise.all(all.map((upstream) => upstream.stop()));
  const { records } = proxy;
  return {
    faults: client.faults,
    stopReasons: client.stopReasons,
    violations: Object.fromEntries(names.map((name, index) => [name, all[index]?.violations])),
    answeredBy: records.map((record) => record.upstream),
    repairs: records.map(({ repairs }) => repairs),
    heard,
    wanted,
    anthropic,
  };
}

const { anthropic: _, ...noneWrong }: Record<string, string[]> = Object.fromEntries(
  names.map((name) => [name, []]),
);
const nothingWrong: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));

const loops = { "inside tool loops": () => true, "between turns": () => false };
const mixed = { "now and then": (turn: number) => turn % 4 < 2 };

for (const stream of [false, true])
  for (const [where, hasCalls] of Object.entries({ ...loops, ...mixed })) {
    const form = stream ? "streamed" : "whole";

    test(`a conversation moves between five upstreams and back, ${where}, ${form}`, async () => {
      const thinking = { type: "adaptive" };
      const { faults, violations, answeredBy, heard, wanted, anthropic } = await travel({
        stream,
        thinking,
        hasCalls,
      });
      expect([faults, violations]).toEqual([[], nothingWrong]);
      expect(answeredBy).toEqual([...way]);
      expect(heard).toEqual(wanted);
      // It has got back all its thinking of before, as it was: the strict rules compare it.
      const got = anthropic.requests.map(({ body }) => countThinking(objectOf(body)));
      expect(got).toEqual(Array.from({ length: anthropic.requests.length }, (_, index) => index));
    });

    test(`the same with a budget for thinking, ${where}, ${form}`, async () => {
      const thinking = { type: "enabled", budget_tokens: 2000 };
      const { faults, violations, answeredBy, heard, wanted } = await travel({ stream, thinking, hasCalls });
      const { anthropic: refused = [], ...others } = violations;
      expect({ faults, ...others }).toEqual({ faults: [], ...noneWrong });
      expect(answeredBy).toEqual([...way]);
      // Thinking that was done elsewhere cannot be shown to Anthropic, which wants some in a loop: it is asked once more.
      const isMissing = (fault: string) => fault.includes("must start with a thinking block");
      expect(refused.filter((fault) => !isMissing(fault))).toEqual([]);
      expect(heard).toEqual(wanted);
    });
  }

test("a search that another upstream made is not shown to Anthropic, which did not seal it", async () => {
  const answer = (): Answer => ({ text: "It is sunny." });
  await using both = await startBoth(answer);
  const { anthropic, other, client } = both;
  const annotations = [
    { type: "url_citation", url_citation: { url: "https://weather.example", title: "Weather" } },
  ];
  other.reply(
    json({
      id: "1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [
        { index: 0, message: { role: "assistant", content: "Sunny.", annotations }, finish_reason: "stop" },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }),
  );
  await client.say("How is the weather?", { model: "openrouter/m" });
  await client.say("Really?", { model: "anthropic/m" });
  expect([client.faults, anthropic.violations]).toEqual([[], []]);
  const [, said] = objectsOf(objectOf(anthropic.requests[0]?.body)["messages"]);
  expect(objectsOf(said?.["content"]).map(({ type }) => type)).toEqual(["text"]);
});

/** One upstream of Anthropic's wire and one like OpenRouter's, and a client that searches. */
async function startBoth(answer: () => Answer) {
  const [anthropic, other] = [
    await startStrictAnthropic(answer),
    await startStrictUpstream("openrouter", answer),
  ];
  const file = createFileConfig({
    upstreams: [
      upstreamSettings("anthropic", anthropic.baseUrl, { protocol: "anthropic" }),
      upstreamSettings("openrouter", other.baseUrl, { profile: "openrouter", protocol: "chat" }),
    ],
  });
  const proxy = await startTestProxy("http://127.0.0.1:9/v1", { settings: { file } });
  const post = (body: Json) =>
    fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const search = { type: "web_search_20250305", name: "web_search", max_uses: 8 };
  return {
    anthropic,
    other,
    client: createAgentClient(post, { max_tokens: 1000, tools: [search] }),
    [Symbol.asyncDispose]: async () => {
      await proxy.stop();
      await Promise.all([anthropic.stop(), other.stop()]);
    },
  };
}

function countThinking(request: Json): number {
  const blocks = objectsOf(request["messages"]).flatMap(({ content }) => objectsOf(content));
  return blocks.filter(({ type }) => type === "thinking").length;
}
