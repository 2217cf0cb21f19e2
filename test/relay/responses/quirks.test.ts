import { expect, test } from "bun:test";
import { createAgentClient } from "../../support/agent-client.ts";
import type { OutputPart } from "../../support/responses/response-answer.ts";
import type { ResponsesQuirks } from "../../support/responses/strict/quirks.ts";
import { type ResponsesModel, startStrictResponses } from "../../support/responses/strict-responses.ts";
import { startTestProxy } from "../../support/start-proxy.ts";
import { type Json, objectOf, objectsOf } from "../../support/strict/json.ts";
import { type Server, thinkAs } from "./servers.ts";

/** A model that thinks in every answer, and calls a tool where it is told to. */
function createModel(server: Server): ResponsesModel {
  let answers = 0;
  return (request) => {
    answers += 1;
    const last = objectsOf(request["input"]).at(-1) ?? {};
    const isCall = String(last["content"]).includes("Call");
    const said: OutputPart = isCall
      ? { kind: "call", id: `call_${answers}`, name: "Bash", arguments: {} }
      : { kind: "message", text: `Answer ${answers}.` };
    return { output: thinkAs(server, [{ kind: "reasoning", summary: [`Thought ${answers}.`] }, said]) };
  };
}

/** Each request in words: level, summary, what it includes, and its blobs, numbered by their first coming; `#`: with ids. */
function createDescriber(): (request: Json) => string {
  const blobs: unknown[] = [];
  const nameReasoning = ({ id, encrypted_content: blob }: Json): string => {
    if (!blobs.includes(blob)) blobs.push(blob);
    return `${blobs.indexOf(blob) + 1}${id === undefined ? "" : "#"}`;
  };
  return ({ reasoning, include, input }) => {
    const { effort, summary } = objectOf(reasoning);
    const items = objectsOf(input).filter(({ type }) => type === "reasoning");
    return [effort, summary, include === undefined ? undefined : "include", ...items.map(nameReasoning)]
      .filter((word) => word !== undefined)
      .join(" ");
  };
}

interface QuirkCase {
  rule: string;
  server: Server;
  quirks?: ResponsesQuirks;
  /** The server forgets its blobs before the request with this index. */
  forgetsBefore?: number;
  /** How often the upstream was asked for each request of the client, in two conversations one after the other. */
  asked: number[][];
  /** What it was asked, request by request. */
  heard: string[];
  /** What the server would refuse from any client: it is not what the proxy takes it for. */
  isMistaken?: true;
}

const openai: Server = { family: "openai", profile: "openai", modelName: "gpt-5.6", thinks: "sealed" };
const azure: Server = {
  ...openai,
  family: "azure",
  modelName: "gpt-6",
  basePath: "/me.openai.azure.com/openai/v1",
};
const project = "/me.services.ai.azure.com/openai/v1";

const cases: readonly QuirkCase[] = [
  {
    rule: "[25.4:members] an organisation that is not verified",
    server: openai,
    quirks: { isUnverified: true },
    asked: [
      [2, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high include",
      "high include 1",
      "high include 1 2",
      "high include 1 2 3",
      "high include 1 2 3 4",
      "high include",
      "high include 5",
      "high include 5 6",
      "high include 5 6 7",
      "high include 5 6 7 8",
    ],
  },
  {
    rule: "[25.4:encrypted] an old deployment that refuses include",
    server: azure,
    quirks: { refusesInclude: true },
    asked: [
      [2, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
      "high auto",
    ],
  },
  {
    rule: "[25.4:encrypted] a server that takes no blobs back",
    server: { ...openai, family: "lmstudio", profile: "generic", thinks: "blob" },
    isMistaken: true,
    asked: [
      [1, 2, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: ["high", "high 1", "high", "high", "high", "high", "high", "high", "high", "high", "high"],
  },
  {
    rule: "[25.4:levels] a level that is refused with a list",
    server: openai,
    quirks: { levels: ["low", "medium"] },
    asked: [
      [2, 1, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "medium auto include",
      "medium auto include 1",
      "medium auto include 1 2",
      "medium auto include 1 2 3",
      "medium auto include 1 2 3 4",
      "medium auto include",
      "medium auto include 5",
      "medium auto include 5 6",
      "medium auto include 5 6 7",
      "medium auto include 5 6 7 8",
    ],
  },
  {
    rule: "[25.4:blob] forgotten blobs",
    server: openai,
    forgetsBefore: 2,
    asked: [
      [1, 1, 2, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto include 1",
      "high auto include 1 2",
      "high auto include",
      "high auto include 3",
      "high auto include 3 4",
      "high auto include",
      "high auto include 5",
      "high auto include 5 6",
      "high auto include 5 6 7",
      "high auto include 5 6 7 8",
    ],
  },
  {
    rule: "[25.4:blob 25.4:in-stream] forgotten blobs, told in the stream",
    server: openai,
    forgetsBefore: 2,
    quirks: { tellsInStream: true },
    asked: [
      [1, 1, 2, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto include 1",
      "high auto include 1 2",
      "high auto include",
      "high auto include 3",
      "high auto include 3 4",
      "high auto include",
      "high auto include 5",
      "high auto include 5 6",
      "high auto include 5 6 7",
      "high auto include 5 6 7 8",
    ],
  },
  {
    rule: "[25.4:id-missing] a server that wants ids",
    server: { ...azure, family: "azure-project" },
    isMistaken: true,
    asked: [
      [1, 2, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto include 1",
      "high auto include 1#",
      "high auto include 1# 2#",
      "high auto include 1# 2# 3#",
      "high auto include 1# 2# 3# 4#",
      "high auto include",
      "high auto include 5#",
      "high auto include 5# 6#",
      "high auto include 5# 6# 7#",
      "high auto include 5# 6# 7# 8#",
    ],
  },
  {
    rule: "[25.4:ids] a server that refuses ids",
    server: { ...azure, basePath: project },
    isMistaken: true,
    asked: [
      [1, 2, 1, 1, 1],
      [1, 2, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto include 1#",
      "high auto include 1",
      "high auto include 1 2",
      "high auto include 1 2 3",
      "high auto include 1 2 3 4",
      "high auto include",
      "high auto include 5#",
      "high auto include 5",
      "high auto include 5 6",
      "high auto include 5 6 7",
      "high auto include 5 6 7 8",
    ],
  },
  {
    rule: "[25.4:ids 25.4:blob] a server that refuses ids and forgets its blobs",
    server: { ...azure, basePath: project },
    isMistaken: true,
    forgetsBefore: 2,
    asked: [
      [1, 2, 2, 1, 1],
      [1, 2, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto include 1#",
      "high auto include 1",
      "high auto include 1 2",
      "high auto include",
      "high auto include 3",
      "high auto include 3 4",
      "high auto include",
      "high auto include 5#",
      "high auto include 5",
      "high auto include 5 6",
      "high auto include 5 6 7",
      "high auto include 5 6 7 8",
    ],
  },
  {
    rule: "[25.4:ids] a gateway that loses blobs",
    server: openai,
    quirks: { losesBlobs: true },
    asked: [
      [1, 2, 2, 2, 2],
      [1, 2, 2, 2, 2],
    ],
    heard: [
      "high auto include",
      "high auto include 1",
      "high auto include",
      "high auto include 2",
      "high auto include",
      "high auto include 3",
      "high auto include",
      "high auto include 4",
      "high auto include",
      "high auto include",
      "high auto include 5",
      "high auto include",
      "high auto include 6",
      "high auto include",
      "high auto include 7",
      "high auto include",
      "high auto include 8",
      "high auto include",
    ],
  },
  {
    rule: "[25.4:several] blobs of one response only",
    server: azure,
    quirks: { takesOneBlob: true },
    asked: [
      [1, 1, 2, 1, 1],
      [1, 1, 1, 1, 1],
    ],
    heard: [
      "high auto include",
      "high auto include 1",
      "high auto include 1 2",
      "high auto include 2",
      "high auto include",
      "high auto include",
      "high auto include",
      "high auto include",
      "high auto include 3",
      "high auto include",
      "high auto include",
    ],
  },
];

const tools = [{ name: "Bash", input_schema: { type: "object", properties: {} } }];

async function play({ server, quirks = {}, forgetsBefore }: QuirkCase, isStreamed: boolean) {
  const { family, profile, modelName, basePath } = server;
  const upstream = await startStrictResponses({
    family,
    model: createModel(server),
    quirks,
    ...(basePath === undefined ? {} : { basePath }),
  });
  const proxy = await startTestProxy(upstream.baseUrl, {
    settings: { upstreamProfile: profile, upstreamProtocol: "responses", mediumModelName: modelName },
  });
  let posted = 0;
  const post = (body: Json) => {
    if (posted === forgetsBefore) upstream.forgetBlobs();
    posted += 1;
    return fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  };
  const faults: string[] = [];
  for (const id of ["a", "b"]) {
    const client = createAgentClient(post, {
      model: "claude-sonnet-5-5",
      max_tokens: 1000,
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "high" },
      tools,
      metadata: { user_id: JSON.stringify({ session_id: `session-${id}` }) },
      stream: isStreamed,
    });
    await client.say("Hello.");
    await client.say("Call.");
    await client.tell([{ content: "done" }]);
    await client.say("Go on.");
    await client.say("Go on.");
    faults.push(...client.faults);
  }
  await proxy.stop();
  await upstream.stop();
  const attempts = proxy.records.map((record) => record.attempts);
  const half = attempts.length / 2;
  return {
    faults,
    refusals: upstream.violations.length,
    asked: [attempts.slice(0, half), attempts.slice(half)],
    heard: upstream.requests.map(({ body }) => objectOf(body)).map(createDescriber()),
  };
}

for (const quirk of cases) {
  for (const way of ["streamed", "whole"]) {
    test(`${quirk.rule}, ${way}`, async () => {
      const { faults, refusals, asked, heard } = await play(quirk, way === "streamed");
      expect(faults).toEqual([]);
      expect(refusals > 0).toBe(quirk.isMistaken === true);
      expect({ asked, heard }).toEqual({ asked: quirk.asked, heard: quirk.heard });
    });
  }
}
