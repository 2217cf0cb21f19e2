import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readClientHints } from "../../../src/anthropic/client-hints.ts";
import { describeRoute } from "../../../src/cli/route/describe-route.ts";
import { explainRoute } from "../../../src/cli/route/explain-route.ts";
import { parseMessagesRequest } from "../../../src/cli/route/parse-messages-request.ts";
import type { RouteReport } from "../../../src/cli/route/route-report.ts";
import type { FileConfig } from "../../../src/config/file-config.ts";
import { noFacts } from "../../../src/knowledge/facts.ts";
import { createPaint } from "../../../src/logging/paint.ts";
import { readRequestFacts } from "../../../src/routing/request-facts.ts";
import { factsOfModel } from "../../routing/facts-of-model.ts";
import { upstreamsOf } from "../../routing/upstreams-of.ts";
import { pngUrl } from "../../tokens/png-url.ts";
import { configWith, file, secret } from "./route-files.ts";

const failOnWarning = (message: string) => {
  throw new Error(message);
};

const ofModel = (model: string, from: FileConfig | null = file, client: string | null = null) =>
  explainRoute(configWith(from), { model, facts: factsOfModel(model, client), given: null }, failOnWarning);

function ofRequest(
  request: object,
  from: FileConfig | null = file,
  client: string | null = null,
): Promise<RouteReport> {
  const given = parseMessagesRequest(JSON.stringify(request), undefined);
  const { model } = given.request;
  const facts = readRequestFacts(given.request, readClientHints(new Headers()), client, given.path);
  return explainRoute(configWith(from), { model, facts, given }, failOnWarning);
}

const show = (report: RouteReport, columns: number | null = 80) =>
  describeRoute({ report, homeDir: "/home/ada", paint: createPaint(false), columns });

const image = {
  type: "image",
  source: { type: "base64", media_type: "image/png", data: pngUrl(30, 30).split(",")[1] },
};
const request = {
  model: "claude-sonnet-5[1m]",
  max_tokens: 100,
  top_k: 5,
  system: "You are an agent.",
  tools: [{ name: "Read", description: "Reads a file", input_schema: { type: "object", properties: {} } }],
  thinking: { type: "adaptive" },
  messages: [
    { role: "user", content: "look" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "Read", input: {} }] },
    { role: "user", content: [{ type: "text", text: "go on" }] },
  ],
};

test("a model alone, in a file: rules, targets with wire and profile, and no more", async () => {
  expect(await ofModel("claude-haiku-5")).toEqual({
    model: "claude-haiku-5",
    file: "/home/ada/.config/claude-proxy/config.yaml",
    facts: null,
    rules: [
      { rule: "case 1", line: 20, matches: false, reason: "the kind is main" },
      { rule: "case 2", line: 21, matches: false, reason: "it has no image" },
      { rule: "claude-*", line: 10, matches: true, reason: "the id fits" },
    ],
    targets: [
      {
        upstream: "anthropic",
        model: "claude-haiku-5",
        host: "api.anthropic.com",
        protocol: "anthropic",
        protocolBasis: "setting",
        profile: "generic",
        window: null,
        allowed: true,
        changes: null,
      },
      {
        upstream: "openrouter",
        model: "z-ai/glm-5.3",
        host: "openrouter.ai",
        protocol: "chat",
        protocolBasis: "default",
        profile: "openrouter",
        window: null,
        allowed: true,
        changes: null,
      },
    ],
    error: null,
  });
});

test("a request: what cases ask of it, and what is changed on the way to each target", async () => {
  const { facts, targets } = await ofRequest(request);
  expect(facts).toEqual({
    kind: "main",
    tier: "sonnet",
    agent: false,
    agentType: null,
    images: false,
    pdf: false,
    thinking: true,
    tools: true,
    tokens: expect.any(Number),
    client: null,
  });
  const [passed, translated] = targets.map(({ changes }) => changes);
  expect(passed).toEqual({ passedOn: true, dropped: [], mended: [], fromFile: [], refused: null });
  expect(translated).toEqual({
    passedOn: false,
    dropped: [],
    mended: [expect.stringContaining("result")],
    fromFile: [],
    refused: null,
  });
});

test("a case, and a model that is asked on the Responses API", async () => {
  const { rules, targets } = await ofRequest({
    ...request,
    messages: [{ role: "user", content: [{ type: "text", text: "look" }, image] }],
  });
  expect(rules.map(({ rule, matches }) => [rule, matches])).toEqual([
    ["case 1", false],
    ["case 2", true],
  ]);
  expect(targets).toEqual([
    {
      upstream: "openai",
      model: "gpt-5.6",
      host: "api.openai.com",
      protocol: "responses",
      protocolBasis: "model",
      profile: "openai",
      window: 922_000,
      allowed: true,
      changes: {
        passedOn: false,
        dropped: expect.arrayContaining(["top_k"]),
        mended: [],
        fromFile: [],
        refused: null,
      },
    },
  ]);
});

test("a request that is passed on: what no Anthropic server can read is left out, and the billing line elsewhere", async () => {
  const own = { type: "thinking", thinking: "hm", signature: "ccp1.abc" };
  const billing = "x-anthropic-billing-header: cc_version=2.1.332; cc_entrypoint=cli;";
  const passed = {
    ...request,
    model: "anthropic/claude-x",
    system: [
      { type: "text", text: billing },
      { type: "text", text: "You are an agent." },
    ],
    messages: [
      { role: "user", content: "hi" },
      { role: "assistant", content: [own, { type: "text", text: "hello" }, { type: "new", x: 1 }] },
      { role: "user", content: "go on" },
    ],
  };
  const changesIn = async (from: FileConfig) => (await ofRequest(passed, from)).targets[0]?.changes;
  expect(await changesIn(file)).toEqual({
    passedOn: true,
    dropped: [],
    mended: ["1 thinking block left out"],
    fromFile: [],
    refused: null,
  });
  const other = upstreamsOf(
    { anthropic: {} },
    {
      baseUrl: "https://api.z.ai/api/anthropic/v1",
      protocol: "anthropic",
      body: { top_k: null, metadata: { a: secret } },
    },
  );
  const report = await ofRequest(passed, { ...file, upstreams: other });
  expect(report.targets[0]?.changes).toEqual({
    passedOn: true,
    dropped: ["the billing line of the system prompt"],
    mended: ["1 thinking block left out"],
    fromFile: ["top_k", "metadata"],
    refused: null,
  });
  expect(
    show(report),
  ).toEndWith(`     request        passed on as it is, but for the name of the model and this:
     left out       the billing line of the system prompt
     mended         1 thinking block left out
     by your file   top_k, metadata
`);
  expect(JSON.stringify(report)).not.toContain(secret);
});

test("a request that the proxy would refuse says so, and is no failure", async () => {
  const { targets, error } = await ofRequest({ ...request, model: "openai/gpt-5", compaction: {} });
  expect([targets[0]?.changes?.refused, error]).toEqual(["compaction is not supported by this proxy", null]);
});

test("a request for a count has its kind", async () => {
  const { max_tokens: _, ...counted } = request;
  expect((await ofRequest(counted)).facts?.kind).toBe("count");
});

test("what the file says of a model is laid over its profile", async () => {
  const models: FileConfig["models"] = new Map([
    ["openrouter/z-ai/glm-5.3", { ...noFacts, like: null, window: 65_536, images: false }],
  ]);
  const report = await ofModel("openrouter/z-ai/glm-5.3", { ...file, models });
  expect(report.targets[0]?.window).toBe(65_536);
  expect(show(report)).toContain("65,536 tokens");
});

test("a file of what is known that cannot be read is told of", async () => {
  const stateFolder = mkdtempSync(join(tmpdir(), "claude-proxy-route-"));
  try {
    writeFileSync(join(stateFolder, "model-facts.json"), "no JSON");
    const told: string[] = [];
    const [model, facts] = ["openrouter/z-ai/glm-5.3", factsOfModel("openrouter/z-ai/glm-5.3", null)];
    const config = { ...configWith(file), stateFolder };
    const report = await explainRoute(config, { model, facts, given: null }, (message) => told.push(message));
    expect(told).toEqual([expect.stringContaining("model-facts.json")]);
    expect(report.targets).toHaveLength(1);
  } finally {
    rmSync(stateFolder, { recursive: true });
  }
});

test("the rules of the model that a deployment is like", async () => {
  const models: FileConfig["models"] = new Map([["openai/my-deployment", { like: "gpt-5.6", ...noFacts }]]);
  const wireOf = async (from: FileConfig) =>
    (await ofModel("openai/my-deployment", from)).targets[0]?.protocol;
  expect([await wireOf(file), await wireOf({ ...file, models })]).toEqual(["chat", "responses"]);
});

describe("a client", () => {
  test("may use some targets only", async () => {
    const report = await ofModel("claude-haiku-5", file, "ci");
    expect(report.targets.map(({ allowed }) => allowed)).toEqual([false, false]);
    expect(report.error).toBe("The client ci may use none of these targets.");
    expect(await ofModel("openrouter/fast", file, "ci")).toMatchObject({
      targets: [{ allowed: true }],
      error: null,
    });
  });

  test("without a list may use all", async () => {
    expect((await ofModel("claude-haiku-5", file, "web")).error).toBeNull();
  });
});

test("nothing leads anywhere", async () => {
  expect(await ofModel("gpt-9")).toMatchObject({
    targets: [],
    error: expect.stringContaining('No route leads to the model "gpt-9".'),
  });
});

describe("the settings alone", () => {
  test.each([
    ["claude-haiku-5", "openai/gpt-5-mini", ["an id with a slash", "haiku"]],
    ["claude-sonnet-5[1m]", "z-ai/glm-5.3-air", ["an id with a slash", "haiku", "sonnet"]],
    ["claude-mythos-5", "z-ai/glm-5.3", ["an id with a slash", "haiku", "sonnet", "opus, fable, mythos"]],
    [
      "gpt-9",
      "z-ai/glm-5.3",
      ["an id with a slash", "haiku", "sonnet", "opus, fable, mythos", "any other id"],
    ],
    ["vendor/haiku", "vendor/haiku", ["an id with a slash"]],
  ])("%s", async (model, target, rules) => {
    const report = await ofModel(model, null);
    expect(report.targets.map(({ model: id }) => id)).toEqual([target]);
    expect(report.rules.map(({ rule }) => rule)).toEqual(rules);
    expect(report.rules.map(({ matches }) => matches)).toEqual(
      rules.map((_, index) => index === rules.length - 1),
    );
  });
});

describe("for people", () => {
  test("a request in 80 columns", async () => {
    expect(show(await ofRequest(request))).toBe(`claude-sonnet-5[1m]

  config file    ~/.config/claude-proxy/config.yaml
  kind           main
  tier           sonnet
  sub-agent      no
  tokens         about 60
  with           thinking, tools

Rules, in the order in which they are tried:

    case 1 (line 20)    the kind is main
    case 2 (line 21)    it has no image
  > claude-* (line 10)  the id fits

Its targets, one after the other:

  1  anthropic/claude-sonnet-5
     host           api.anthropic.com
     protocol       anthropic (as set)
     profile        generic
     request        passed on as it is, but for the name of the model

  2  openrouter/z-ai/glm-5.3
     host           openrouter.ai
     protocol       chat (by default)
     profile        openrouter
     mended         a tool call had no result: t1
`);
  });

  test("no line is wider than the terminal, and none is without one", async () => {
    const long = `${"very-long-id-of-a-model-".repeat(6)}5`;
    const report: RouteReport = {
      ...(await ofRequest({ ...request, model: `openrouter/${long}`, top_k: 5 })),
      rules: [
        { rule: long, line: 1234, matches: false, reason: "another id was asked for ".repeat(8).trim() },
        { rule: "default", line: 2, matches: true, reason: "nothing before it matches" },
      ],
      error: "No route leads to the model. ".repeat(9).trim(),
    };
    for (const columns of [80, 120]) {
      const rows = show(report, columns).split("\n");
      expect(rows.filter((row) => Bun.stringWidth(row) > columns)).toEqual([]);
    }
    expect(show(report, null)).toContain(`openrouter/${long}\n`);
  });

  test("a model of the settings has no upstream's name before it", async () => {
    expect(show(await ofModel("claude-haiku-5", null))).toBe(`claude-haiku-5

Rules, in the order in which they are tried:

    an id with a slash  the id has none
  > haiku               the id has this word: SMALL_MODEL_NAME

Its target:

  1  openai/gpt-5-mini
     host           openrouter.ai
     protocol       chat (by default)
     profile        openrouter
`);
  });

  test("characters that would move the cursor are written out", async () => {
    const text = show(await ofModel("\u001b[2Jclaude-x\n"));
    expect(text).not.toContain("\u001b");
    expect(text.split("\n")[0]).toBe("\\u001b[2Jclaude-x\\u000a");
  });
});

test("no output has a key", async () => {
  const outputs = await Promise.all([
    ofRequest(request),
    ofModel("openrouter/x"),
    ofModel("nonsense", file, "ci"),
  ]);
  for (const report of outputs) expect(JSON.stringify(report) + show(report)).not.toContain(secret);
});
