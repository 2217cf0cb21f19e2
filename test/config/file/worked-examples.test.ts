import { expect, test } from "bun:test";
import { digestKey } from "../../../src/config/digest-key.ts";
import type { Target } from "../../../src/config/file-config.ts";
import { createConfigFolder } from "./config-folder.ts";
import { exampleEnv, exampleFiles, workedExamples } from "./worked-examples.ts";

const write = ({ upstream, model }: Target) => `${upstream}/${model}`;

async function loadExample(name: keyof typeof workedExamples) {
  using folder = createConfigFolder(workedExamples[name]);
  for (const [path, text] of Object.entries(exampleFiles)) folder.write(path, text);
  const { config, warnings, secrets, configPath } = await folder.load({ env: exampleEnv });
  const { file } = config;
  if (file === null) throw new Error("there is no file");
  expect([file.path, configPath]).toEqual([folder.path, folder.path]);
  return {
    upstreams: [...file.upstreams.values()].map(
      ({ name: own, baseUrl, protocol, profile, keys, passesClientKey }) => ({
        name: own,
        at: baseUrl,
        as: `${protocol} ${profile}`,
        keys: passesClientKey ? "client" : keys,
      }),
    ),
    routes: file.routes.map(({ asked, targets, line }) => [line, asked, ...targets.map(write)]),
    cases: file.cases.map(({ when, targets, line }) => [line, when, ...targets.map(write)]),
    models: [...file.models],
    clients: file.clients,
    host: config.host,
    secrets,
    warnings: warnings.map((line) => line.replace(`${folder.path}:`, "")),
  };
}

const nothingElse = { cases: [], models: [], clients: [], host: "127.0.0.1", warnings: [] };
const openrouter = {
  name: "openrouter",
  at: "https://openrouter.ai/api/v1",
  as: "auto openrouter",
  keys: [exampleEnv.OPENROUTER_API_KEY],
};

test("OpenRouter only", async () => {
  expect(await loadExample("OpenRouter only")).toEqual({
    ...nothingElse,
    upstreams: [openrouter],
    routes: [
      [4, "default", "openrouter/z-ai/glm-5.3"],
      [5, "haiku", "openrouter/openai/gpt-5-mini"],
    ],
    secrets: [exampleEnv.OPENROUTER_API_KEY],
  });
});

test("cheap first, and on when it is full", async () => {
  const { DEEPSEEK_A, DEEPSEEK_B, OPENROUTER_API_KEY } = exampleEnv;
  expect(await loadExample("cheap first")).toEqual({
    ...nothingElse,
    upstreams: [
      {
        name: "deepseek",
        at: "https://api.deepseek.com/v1",
        as: "auto deepseek",
        keys: [DEEPSEEK_A, DEEPSEEK_B],
      },
      openrouter,
    ],
    routes: [
      [5, "default", "deepseek/deepseek-v4-pro", "openrouter/deepseek/deepseek-v4-pro"],
      [6, "haiku", "deepseek/deepseek-v4-flash", "openrouter/openai/gpt-5-mini"],
    ],
    cases: [[8, { images: true }, "openrouter/google/gemini-3-pro"]],
    secrets: [DEEPSEEK_A, DEEPSEEK_B, OPENROUTER_API_KEY],
  });
});

test("the desk does the work, the cloud what is too long for it", async () => {
  const key = exampleFiles[".secrets/glm"].trim();
  const unknown = {
    maxOutput: null,
    pdf: null,
    tools: null,
    reasoning: null,
    price: null,
    name: null,
    like: null,
  };
  expect(await loadExample("the desk and the cloud")).toEqual({
    ...nothingElse,
    upstreams: [
      { name: "desk", at: "http://localhost:11434/v1", as: "auto ollama", keys: [] },
      { name: "glm", at: "https://api.z.ai/api/paas/v4", as: "auto glm", keys: [key] },
    ],
    routes: [[7, "default", "desk/qwen3-coder:30b"]],
    cases: [[9, { tokens: 55_000 }, "glm/glm-5.3"]],
    models: [["desk/qwen3-coder:30b", { ...unknown, window: 65_536, images: false }]],
    secrets: [key],
  });
});

test("my own Claude plan for Claude, something else for the sub-agents", async () => {
  expect(await loadExample("my own plan")).toEqual({
    ...nothingElse,
    upstreams: [
      { name: "anthropic", at: "https://api.anthropic.com/v1", as: "anthropic auto", keys: "client" },
      openrouter,
    ],
    routes: [[5, "default", "anthropic/*"]],
    cases: [[7, { agent: true }, "openrouter/moonshotai/kimi-k3"]],
    secrets: [exampleEnv.OPENROUTER_API_KEY],
  });
});

const unlimited = { usdPerDay: null, usdPerMonth: null, requestsPerMinute: null, models: null, admin: false };

test("a team", async () => {
  const [web, ci] = [exampleFiles["run/web-team"].trim(), exampleFiles["run/ci"].trim()];
  const { AZURE_KEY, RECORD_URL } = exampleEnv;
  expect(await loadExample("a team")).toEqual({
    upstreams: [
      {
        name: "azure",
        at: "https://acme.openai.azure.com/openai/v1?api-version=preview",
        as: "responses auto",
        keys: [AZURE_KEY],
      },
      { name: "vllm", at: "http://gpu1:8000/v1", as: "auto vllm", keys: [] },
    ],
    routes: [
      [9, "default", "azure/gpt-5.6", "vllm/glm-5.3"],
      [10, "haiku", "vllm/glm-5.3"],
    ],
    cases: [],
    models: [],
    clients: [
      { ...unlimited, name: "web-team", keyDigest: digestKey(web), usdPerDay: 20 },
      { ...unlimited, name: "ci", keyDigest: digestKey(ci), usdPerDay: 50, models: ["azure/*"] },
    ],
    host: "0.0.0.0",
    secrets: [RECORD_URL, web, ci, AZURE_KEY, "canary-record-0004"],
    warnings: [
      "7:11 upstreams.vllm.url: is not encrypted: your code is sent to gpu1:8000 in the clear. Use https:// if the server supports it.",
    ],
  });
});

test("without the secrets that it names, each of them is said at its place", async () => {
  using folder = createConfigFolder(workedExamples["a team"]);
  const missing = (name: string) =>
    `needs \${${name}}, but ${name} is not set, neither in the environment nor in the .env file.`;
  const noFile = (path: string) => `needs \${file:${path}}, which cannot be read: there is no such file.`;
  expect(await folder.problems()).toEqual([
    `1:26 server.record: ${missing("RECORD_URL")}`,
    `3:15 clients.web-team.key: ${noFile("~/run/web-team")}`,
    `4:15 clients.ci.key: ${noFile("~/run/ci")}`,
    `6:101 upstreams.azure.key: ${missing("AZURE_KEY")}`,
  ]);
});
