import { describe, expect, test } from "bun:test";
import { type AgentClient, createAgentClient } from "../../support/agent-client.ts";
import { type AgentStep, createAgentScript } from "../../support/agent-script.ts";
import type { Reply } from "../../support/reply.ts";
import type { ResponseAnswer } from "../../support/responses/response-answer.ts";
import {
  asResponsesModel,
  type ResponsesModel,
  startStrictResponses,
} from "../../support/responses/strict-responses.ts";
import { startTestProxy } from "../../support/start-proxy.ts";
import { type Json, objectOf, objectsOf } from "../../support/strict/json.ts";
import { type Server, servers, thinkAs } from "./servers.ts";

const read = { name: "Read", arguments: { file_path: "a.txt" } };
const bash = { name: "Bash", arguments: { command: "ls" } };

const steps: readonly AgentStep[] = [
  { text: "I look.", reasoning: "Both at once.", calls: [read, bash] },
  { reasoning: "Once more.", calls: [read], heard: ["a picture", "Error: no such folder"] },
  { reasoning: "Enough.", text: "All seen.", heard: ["b.txt"] },
  { text: "At once.", calls: [bash] },
  { calls: [read], heard: ["c.txt"] },
  { reasoning: "And now?", calls: [bash], heard: ["(no output)"] },
  { text: "Nothing more.", heard: ["d.txt"] },
  { reasoning: "As JSON.", text: '{"a":1}' },
  { reasoning: "The end.", text: "Done." },
];

const tools = [
  {
    name: "Read",
    description: "Reads",
    input_schema: { type: "object", properties: { file_path: { type: "string" } }, required: ["file_path"] },
  },
  {
    name: "Bash",
    description: "Runs",
    input_schema: { type: "object", properties: { command: {} }, oneOf: [{}] },
  },
  {
    name: "mcp__strict",
    strict: true,
    input_schema: { type: "object", properties: {}, required: [], additionalProperties: false },
  },
];

const png = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } };
const picture = { type: "image", source: { type: "url", url: "https://example.com/a.png" } };
const pdf = { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" } };
const paper = { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } };
const text = (said: string) => ({ type: "text", text: said });

const schema = {
  type: "object",
  properties: { a: { type: "integer" } },
  required: ["a"],
  additionalProperties: false,
};
const off = { thinking: { type: "disabled" } };
const on = { thinking: { type: "adaptive", display: "summarized" } };

/** The whole conversation: everything that a client may ask of a model with tools. */
async function converse({ say, tell }: AgentClient): Promise<void> {
  await say([text("Look at these."), png, picture, pdf, paper], { ...on, output_config: { effort: "high" } });
  await tell([{ content: [text("a picture"), png, pdf] }, { content: "no such folder", is_error: true }], {
    ...on,
    isSwapped: true,
    more: { thinking: { type: "enabled", budget_tokens: 4096 } },
  });
  await tell([{ content: "b.txt" }], { more: { ...on, output_config: { effort: "max" } } });
  const choice = { type: "any", disable_parallel_tool_use: true };
  await say("More.", { ...off, temperature: 0.5, tool_choice: choice });
  await tell([{ content: "c.txt" }], { more: { ...off, tool_choice: { type: "tool", name: "Read" } } });
  await tell([{ content: "" }], { said: [text("And?")], more: { ...on, tool_choice: { type: "any" } } });
  await tell([{ content: "d.txt" }], {
    more: {
      system_message: "Be quick.",
      stop_sequences: ["END"],
      top_p: 0.9,
      top_k: 40,
      tool_choice: { type: "none" },
    },
  });
  const format = { type: "json_schema", schema };
  await say("As an object.", {
    thinking: { type: "adaptive", display: "omitted" },
    output_config: { effort: "low", format },
  });
  await say([text("The end.")], {
    ...on,
    output_config: { effort: "xhigh" },
    tool_choice: { type: "tool", name: "Bash" },
  });
}

const search = { type: "web_search_20250305", name: "web_search", max_uses: 3, allowed_domains: ["bun.sh"] };

/** What clients ask besides: titles, probes, searches. */
async function askBesides({ ask }: AgentClient, { searches }: Server): Promise<void> {
  const messages = [{ role: "user", content: "Hi" }];
  const bare = { tools: undefined, messages };
  await ask({ ...bare, max_tokens: 1 });
  await ask({ ...bare, ...off, messages: [...messages, { role: "assistant", content: "{ " }] });
  // Whole, because its usage is known then: a tokenizer takes a second to load.
  await ask({ ...bare, ...off, temperature: 0, stop_sequences: ["two"], stream: false });
  await ask({ ...bare, ...on, output_config: { format: { type: "json_schema", schema } } });
  if (searches !== true) return;
  await ask({ ...bare, ...off, tools: [search], tool_choice: { type: "tool", name: "web_search" } });
  await ask({ ...bare, ...on, tools: [{ ...search, allowed_domains: [], blocked_domains: ["a.com"] }] });
}

const found: ResponseAnswer = {
  output: [
    { kind: "search", query: "bun", sources: ["https://bun.sh/a"] },
    { kind: "message", text: "It is.", cites: [{ url: "https://bun.sh/b", title: "B" }] },
  ],
};

/** The model of all families: the script's for requests with tools, one word for others, a search where one is meant. */
function createModel(server: Server) {
  const { model, surprises } = createAgentScript({
    steps,
    ids: "unique",
    sideAnswer: { text: "one two three" },
  });
  const scripted = asResponsesModel(model);
  const answer: ResponsesModel = (request) => {
    const isSearch = objectsOf(request["tools"]).every(({ type }) => type === "web_search");
    if ("tools" in request && isSearch) return found;
    const said = scripted(request);
    return isReply(said) ? said : { ...said, output: thinkAs(server, said.output) };
  };
  return { answer, surprises };
}

function isReply(said: ResponseAnswer | Reply): said is Reply {
  return "head" in said;
}

const session = "5f0c1d2e-0000-4000-8000-000000000001";

/** Plays everything against one server. */
async function play(server: Server, isStreamed: boolean) {
  const { family, profile, modelName, basePath } = server;
  const { answer, surprises } = createModel(server);
  const upstream = await startStrictResponses({
    family,
    model: answer,
    ...(basePath === undefined ? {} : { basePath }),
  });
  const proxy = await startTestProxy(upstream.baseUrl, {
    settings: { upstreamProfile: profile, upstreamProtocol: "responses", mediumModelName: modelName },
  });
  const post = (body: Json) =>
    fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  const client = createAgentClient(post, {
    model: "claude-sonnet-5-5",
    max_tokens: 32_000,
    system: [text("Be brief."), text("Be kind.")],
    tools,
    metadata: { user_id: JSON.stringify({ session_id: session }) },
    stream: isStreamed,
  });
  await converse(client);
  await askBesides(client, server);
  await proxy.stop();
  await upstream.stop();
  const bodies = upstream.requests.map(({ body }) => objectOf(body));
  return { client, upstream, surprises, records: proxy.records, bodies };
}

/** The conversations, which do not tell a stream from a whole answer. */
function inputsOf(bodies: readonly Json[]): unknown[] {
  return bodies.map(({ input }) => input);
}

const thoughts = steps.flatMap(({ reasoning }) => (reasoning === undefined ? [] : [reasoning]));

/** The reasoning that must have come back with the last step; a sealed blob is nobody's to read. */
function expectedReasoning({ thinks }: Server): unknown[] {
  return thoughts.slice(0, -1).map((thought) => {
    if (thinks === "sealed") return expect.stringMatching(/^gAAAAA/);
    return thinks === "blob" ? `blob of ${thought}` : thought;
  });
}

/** The reasoning of a request, without what stands in for some that never was. */
function reasoningIn({ input }: Json): unknown[] {
  return objectsOf(input)
    .filter(({ type }) => type === "reasoning")
    .map(({ encrypted_content: blob, content }) => blob ?? objectsOf(content)[0]?.["text"])
    .filter((thought) => thought !== " ");
}

describe.each(servers.map((server) => [server.family, server.modelName, server.thinks, server] as const))(
  "%s with %s (%s)",
  (_, __, ___, server) => {
    test("[21:never 22.4:place] takes all that a client may ask, and gets its reasoning back", async () => {
      const [streamed, whole] = [await play(server, true), await play(server, false)];
      for (const { client, upstream, surprises, records, bodies } of [streamed, whole]) {
        expect([upstream.violations, upstream.lessons, surprises, client.faults]).toEqual([[], [], [], []]);
        expect(new Set(records.map(({ attempts }) => attempts))).toEqual(new Set([1]));
        expect(reasoningIn(bodies[steps.length - 1] ?? {})).toEqual(expectedReasoning(server));
      }
      expect(inputsOf(streamed.bodies)).toEqual(inputsOf(whole.bodies));
      expect(streamed.client.stopReasons).toEqual(whole.client.stopReasons);
    });
  },
);
