import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../src/cli/run-program.ts";
import { startListServer } from "../../knowledge/list-server.ts";
import { findFreePort } from "../../support/find-free-port.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";
import { runProgramIn } from "../run-program-in.ts";

const key = "upstream-key-0123456789abcdef";

/** As OpenRouter lists them. */
const list = {
  data: [
    {
      id: "z-ai/glm-5.3",
      name: "GLM 5.3",
      context_length: 204_800,
      top_provider: { max_completion_tokens: 131_072 },
      architecture: { input_modalities: ["text"] },
      supported_parameters: ["tools", "reasoning"],
      pricing: { prompt: "0.0000006", completion: "0.0000022" },
    },
    {
      id: "openai/gpt-5-mini",
      name: "GPT-5 Mini",
      context_length: 400_000,
      architecture: { input_modalities: ["text", "image", "file"] },
      pricing: { prompt: "0.00000025", completion: "0.000002" },
    },
    { id: "a/plain\u001b[31m" },
    { id: "a/plain" },
  ],
};

function createHome(file: string) {
  const home = mkdtempSync(join(tmpdir(), "models-"));
  const folder = join(home, ".config/claude-proxy");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file.startsWith("upstreams") ? "config.yaml" : ".env"), file, { mode: 0o600 });
  return { home, folder, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) };
}

const fileOf = (baseUrl: string, more = "") => `upstreams:
  cloud: { url: "${baseUrl}", key: ${key}, models: { glm: z-ai/glm-5.3 } }
${more}routes:
  default: [cloud/glm, cloud/gone-model]
  haiku: cloud/openai/gpt-5-mini
cases:
  - { when: { images: true }, to: cloud/openai/gpt-5-mini }
models:
  cloud/glm: { window: 100000 }
`;

test("each model of the list has what is known of it, and what leads to it", async () => {
  await using server = startListServer({ "GET /v1/models": list });
  using place = createHome(fileOf(server.baseUrl));
  const { exitCode, out, err } = await runProgramIn(place.home, ["models"]);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toBe(
    `cloud (${new URL(server.baseUrl).host}): 4 models
  model              window  $ a million, in/out  images  used by
  gone-model              ?  ?                    ?       default; not in its list
  openai/gpt-5-mini    400k  0.25/2               yes     case 1, haiku
  z-ai/glm-5.3         100k  0.6/2.2              no      default
  a/plain                 ?  ?                    ?
`,
  );
  expect(
    server.requests.map(({ method, path, headers }) => [method, path, headers["authorization"]]),
  ).toEqual([["GET", "/v1/models", `Bearer ${key}`]]);
});

test("the JSON has all that is known", async () => {
  await using server = startListServer({ "GET /v1/models": list });
  using place = createHome(fileOf(server.baseUrl));
  const { exitCode, out } = await runProgramIn(place.home, ["models", "--json", "--filter", "GLM*5"]);
  expect(exitCode).toBe(0);
  const report = JSON.parse(out);
  expect(report).toEqual({
    upstreams: [
      {
        name: "cloud",
        host: new URL(server.baseUrl).host,
        fault: null,
        listedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        total: 4,
        models: [
          {
            id: "z-ai/glm-5.3",
            name: "GLM 5.3",
            listed: true,
            window: 100_000,
            maxOutput: 131_072,
            images: false,
            pdf: null,
            tools: true,
            reasoning: true,
            price: { input: 0.6, output: 2.2, cacheRead: null, cacheWrite: null },
            usedBy: ["default"],
          },
        ],
      },
    ],
  });
});

test("a filter looks for the upstream's name too", async () => {
  await using server = startListServer({ "GET /v1/models": list });
  using place = createHome(fileOf(server.baseUrl));
  const { out } = await runProgramIn(place.home, ["models", "--json", "--filter", "cloud/z-ai"]);
  const ids = JSON.parse(out).upstreams.flatMap(({ models }: { models: { id: string }[] }) =>
    models.map(({ id }) => id),
  );
  expect(ids).toEqual(["z-ai/glm-5.3"]);
});

test("settings without a file have one upstream, whose models they name", async () => {
  await using server = startListServer({ "GET /v1/models": list });
  using place = createHome(
    `OPENAI_API_KEY=${key}\nBASE_URL=${server.baseUrl}\nBIG_MODEL_NAME=z-ai/glm-5.3\nSMALL_MODEL_NAME=z-ai/glm-5.3:nitro\n`,
  );
  const { exitCode, out } = await runProgramIn(place.home, ["models", "--filter", "glm"]);
  expect(exitCode).toBe(0);
  expect(out.split("\n").map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
    `${new URL(server.baseUrl).host}: 2 of 4 models`,
    "  model  window  $ a million, in/out  images  used by",
    "  z-ai/glm-5.3  205k  0.6/2.2  no  BIG_MODEL_NAME, MEDIUM_MODEL_NAME",
    "  z-ai/glm-5.3:nitro  205k  0.6/2.2  no  SMALL_MODEL_NAME",
    "",
  ]);
});

test("Ollama is asked about each model", async () => {
  await using server = startListServer({
    "GET /api/tags": { models: [{ model: "qwen3:8b" }] },
    "GET /api/ps": { models: [{ model: "qwen3:8b", context_length: 8192 }] },
    "POST /api/show": { capabilities: ["vision", "tools"], model_info: { "qwen3.context_length": 40_960 } },
  });
  using place = createHome(
    `upstreams:\n  desk: { url: "${server.baseUrl}", profile: ollama }\nroutes: { default: desk/qwen3 }\n`,
  );
  const { exitCode, out } = await runProgramIn(place.home, ["models"]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^ {2}qwen3:8b +8\.2k {2}\? +yes$/m);
});

test.each([
  [401, "answered 401. Check upstreams.cloud.key."],
  [404, "answered 404. It has no list there. Check upstreams.cloud.url."],
  [302, "answered 302. It wants to be asked elsewhere. Check upstreams.cloud.url."],
  [503, "answered 503. Try again later."],
])("a refusal with %d says what to do, and the exit code is 1", async (status, words) => {
  await using server = startListServer({
    "GET /v1/models": () =>
      new Response(`{"error":"${key}"}`, { status, headers: { location: "http://127.0.0.1:9/" } }),
  });
  using place = createHome(fileOf(server.baseUrl));
  const { exitCode, out, err } = await runProgramIn(place.home, ["models"]);
  expect([exitCode, err]).toEqual([1, ""]);
  expect(out).toContain(
    `  ${new URL(server.baseUrl).host} ${words} Only the models of your configuration are shown.\n`,
  );
  expect(out).toContain("z-ai/glm-5.3");
  expect(out).not.toContain(key);
});

test("one upstream that is down does not hide the others; one that answers a page is said", async () => {
  const port = await findFreePort();
  await using server = startListServer({ "GET /v1/models": list });
  await using page = startListServer({ "GET /v1/models": () => new Response("<html>") });
  using place = createHome(
    fileOf(
      server.baseUrl,
      `  down: { url: "http://127.0.0.1:${port}/v1" }\n  page: { url: "${page.baseUrl}" }\n  own: { url: "${server.baseUrl}", protocol: anthropic, key: client }\n`,
    ),
  );
  const { exitCode, out } = await runProgramIn(place.home, ["models"]);
  expect(exitCode).toBe(1);
  expect(out).toContain("a/plain");
  expect(out).toContain(
    `down (127.0.0.1:${port}): 0 models\n  127.0.0.1:${port} cannot be reached (ECONNREFUSED). Is the server running, and is upstreams.down.url right?`,
  );
  expect(out).toContain("answered with something else than a list of models. Check upstreams.page.url.");
  expect(out).toContain("takes the login of each client, so there is no key to ask for its list with.");
  expect(server.requests.length).toBe(1);
  const only = await runProgramIn(place.home, ["models", "--upstream", "cloud"]);
  expect([only.exitCode, only.out.includes("down")]).toEqual([0, false]);
  const wrong = await runProgramIn(place.home, ["models", "--upstream", "clod"]);
  expect([wrong.exitCode, wrong.err]).toEqual([
    2,
    'There is no upstream "clod". There are: cloud, down, page, own.\n',
  ]);
});

test("what an upstream said before is shown when it does not answer", async () => {
  const port = await findFreePort();
  using place = createHome(fileOf(`http://127.0.0.1:${port}/v1`));
  const state = join(place.home, ".local/state/claude-proxy");
  mkdirSync(state, { recursive: true });
  writeFileSync(
    join(state, "model-facts.json"),
    JSON.stringify({
      version: 1,
      upstreams: {
        [`127.0.0.1:${port}/v1`]: {
          at: "2026-11-01T10:00:00.000Z",
          models: { "kept/one": { window: 5000 } },
        },
      },
    }),
  );
  const { exitCode, out } = await runProgramIn(place.home, ["models", "--json"]);
  expect(exitCode).toBe(1);
  const [upstream] = JSON.parse(out).upstreams;
  expect([upstream.listedAt, upstream.models.at(-1)]).toMatchObject([
    "2026-11-01T10:00:00.000Z",
    { id: "kept/one", window: 5000, usedBy: [] },
  ]);
});

test.each([40, 60])("at %d columns nothing is wider", async (columns) => {
  await using server = startListServer({ "GET /v1/models": list });
  using place = createHome(fileOf(server.baseUrl));
  const terminal = createCollectingTerminal();
  const path = join(place.folder, "config.yaml");
  const env = join(place.folder, "c.env");
  writeFileSync(env, "");
  expect(await runProgram(["models", "--config", path, "--env-file", env], { ...terminal, columns })).toBe(0);
  expect(terminal.out()).toContain("  z-ai/glm-5.3\n");
  expect(
    terminal
      .out()
      .split("\n")
      .filter((line) => Bun.stringWidth(line) > columns),
  ).toEqual([]);
});
