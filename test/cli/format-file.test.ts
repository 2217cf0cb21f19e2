import { expect, test } from "bun:test";
import { formatFile } from "../../src/cli/format-file.ts";
import { escapeControlCharacters } from "../../src/logging/escape-control-characters.ts";
import { createPaint } from "../../src/logging/paint.ts";
import { describeFile } from "../../src/routing/describe-file.ts";
import { clientSettings, createFileConfig, upstreamSettings } from "../support/file-config.ts";

const file = createFileConfig({
  upstreams: [
    upstreamSettings("deepseek", "https://api.deepseek.com/v1", {
      keys: ["sk-canary-a-0123456789", "sk-canary-b-0123456789"],
      profile: "auto",
    }),
    upstreamSettings("azure", "https://acme.openai.azure.com/openai/v1?api-version=canary", {
      protocol: "responses",
      profile: "openai",
    }),
    upstreamSettings("openai", "https://api.openai.com/v1", {
      profile: "auto",
      passesClientKey: true,
      models: new Map([["fast", "gpt-5.6-luna"]]),
    }),
  ],
  cases: [
    { when: { images: true, tokens: 55_000 }, to: "azure/gpt-5.6" },
    {
      when: { kind: ["title", "suggestion"], client: "ci", thinking: false },
      to: "deepseek/deepseek-v4-flash",
    },
  ],
  routes: {
    default: ["deepseek/deepseek-v4-pro", "azure/gpt-5.6", "openai/fast"],
    haiku: "openai/gpt-4.1-mini",
    "claude-opus-*": "azure/*",
  },
  clients: [clientSettings("ci")],
});

const at = (columns: number | null) =>
  formatFile(describeFile(file), { paint: createPaint(false), columns }).join("\n");

const routes = `  asked for                    goes to
  images: true, tokens: 55000  azure/gpt-5.6
  kind: title or suggestion, client: ci, thinking: false
                               deepseek/deepseek-v4-flash
  default                      deepseek/deepseek-v4-pro
                               then azure/gpt-5.6
                               then openai/fast
  haiku                        openai/gpt-4.1-mini
  claude-opus-*                azure/*`;

const table = `  upstream  host                   wire                    profile          keys
  deepseek  api.deepseek.com       auto (chat)             auto (deepseek)  2
  azure     acme.openai.azure.com  responses               openai           1
  openai    api.openai.com         auto (responses, chat)  auto (openai)    the client's own`;

test.each([120, null])(
  "at %p columns there is a table of the upstreams, and one of what goes where",
  (columns) => {
    expect(at(columns)).toBe(`${table}\n\n${routes}`);
  },
);

test("where the table is too wide, each upstream has rows of its own", () => {
  expect(at(80)).toBe(`  deepseek
    host     api.deepseek.com
    wire     auto (chat)
    profile  auto (deepseek)
    keys     2
  azure
    host     acme.openai.azure.com
    wire     responses
    profile  openai
    keys     1
  openai
    host     api.openai.com
    wire     auto (responses, chat)
    profile  auto (openai)
    keys     the client's own

${routes}`);
});

test("no key and no query is in it", () => {
  expect(JSON.stringify(describeFile(file)) + at(null)).not.toContain("canary");
});

test.each([40, 60, 80, 120])("at %d columns no row is wider", (columns) => {
  const model = "registry.example/library/qwen3-coder:480b-instruct-q4_K_M-and-more-of-it-yet";
  const long = createFileConfig({
    upstreams: [upstreamSettings("d".repeat(30), `http://${"a".repeat(60)}.test:8000/v1`)],
    cases: [{ when: { model: model.repeat(2) }, to: `d/${model}` }],
    routes: { default: [`d/${model}`, `d/${model}`], [model]: `d/${model}` },
  });
  const rows = formatFile(describeFile(long), { paint: createPaint(false), columns });
  expect(Math.max(...rows.map((row) => Bun.stringWidth(row)))).toBeLessThanOrEqual(columns);
  expect(rows.join("").replaceAll(" ", "")).toContain(`then d/${model}`.replaceAll(" ", ""));
});

test("what a stranger's proxy says drives no terminal", () => {
  const upstream = { name: "\u001b[2J", url: "\u001b", protocol: "\n", profile: "\r", keys: 1 };
  const shown = {
    upstreams: [{ ...upstream, passes_client_key: false }],
    cases: [{ when: { "\u001b": "\u001b" }, to: ["\u001b"] }],
    routes: [{ asked: "\u001b", to: ["\u001b"] }],
    clients: [],
  };
  for (const columns of [20, null]) {
    const text = formatFile(shown, { paint: createPaint(false), columns }).join("");
    expect(escapeControlCharacters(text)).toBe(text);
  }
});

test("a file without routes says what may be asked for", () => {
  const upstreams = [upstreamSettings("desk", "http://127.0.0.1:1/v1")];
  const description = describeFile(createFileConfig({ upstreams }));
  const rows = formatFile(description, { paint: createPaint(false), columns: 60 });
  expect(rows.slice(-3)).toEqual([
    "",
    "  The file has no routes, so only models that are asked for",
    "  as UPSTREAM/MODEL go anywhere.",
  ]);
});
