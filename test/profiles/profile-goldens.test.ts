import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { families } from "../../src/profiles/families.ts";
import { type ProfileId, profileIds } from "../../src/profiles/profile-ids.ts";
import type { ProtocolId } from "../../src/profiles/protocol-id.ts";
import { selectProfile } from "../../src/profiles/select-profile.ts";

/**
 * A file for each family holds the whole profile of its first model here, and of the other wire and the other models all
 * that differs from that. `UPDATE_GOLDEN=1` writes the files anew; the difference is read like code.
 */
const root = join(import.meta.dir, "../fixtures/profiles");

/** Of each family a model without rules of its own, if there is one, then one or more for each rule. */
const modelsOf: Readonly<Record<ProfileId, readonly string[]>> = {
  openrouter: [
    "meta-llama/llama-4-maverick",
    "anthropic/claude-sonnet-4.5",
    "openai/gpt-5",
    "openai/gpt-5.2",
    "google/gemini-2.5-flash",
    "google/gemini-2.5-pro",
    "x-ai/grok-4",
    "mistralai/mistral-medium-3.1",
    "moonshotai/kimi-k2-thinking",
    "moonshotai/kimi-k2.5",
    "moonshotai/kimi-k3",
    "deepseek/deepseek-r1",
    "deepseek/deepseek-v4",
    "minimax/minimax-m2.5",
    "z-ai/glm-4.6",
    "qwen/qwen3.6-plus",
  ],
  openai: [
    "gpt-4o",
    "gpt-4o-search-preview",
    "gpt-5",
    "gpt-5-chat-latest",
    "gpt-5-codex",
    "gpt-5.1",
    "gpt-5.2",
    "gpt-5.3-codex",
    "gpt-5.3-codex-spark",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.6-sol",
    "gpt-6-astra",
    "o1-mini",
    "o3",
  ],
  deepseek: ["deepseek-v4-pro", "deepseek-v4-flash", "deepseek-chat"],
  kimi: ["kimi-k2-0905-preview", "kimi-k2-thinking", "kimi-k2.6", "kimi-k3"],
  glm: ["glm-4.6", "glm-4.5", "glm-4.5v", "glm-4.6v", "glm-4.7", "glm-5.2", "glm-5.3"],
  qwen: ["qwen3.6-plus", "qwen3.7-max", "qwen-plus", "qwen-max", "qwen3-8b-thinking"],
  minimax: ["MiniMax-M2", "MiniMax-M3"],
  gemini: ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-3-flash", "gemini-3-pro-preview"],
  mistral: ["mistral-medium-2508", "mistral-small-4", "mistral-large-4", "magistral-medium"],
  groq: ["llama-3.3-70b-versatile", "openai/gpt-oss-120b", "qwen/qwen3-32b", "qwen/qwen3.8-27b"],
  xai: [
    "grok-3",
    "grok-code-fast-1",
    "grok-4",
    "grok-4.3",
    "grok-4.5",
    "grok-4.6",
    "grok-4-fast-non-reasoning",
  ],
  ollama: ["gemma3:27b", "gpt-oss:20b"],
  llamacpp: ["gemma3-27b", "gpt-oss-20b"],
  lmstudio: ["gemma3-27b", "qwen3-coder-30b"],
  vllm: [
    "meta-llama/Llama-3.3-70B-Instruct",
    "deepseek-ai/DeepSeek-V3.2",
    "deepseek-ai/DeepSeek-R1",
    "openai/gpt-oss-120b",
  ],
  generic: ["some-new-model", "deepseek-r1"],
};

type Members = ReadonlyMap<string, unknown>;

/** Every member that is no object with members of its own, by its path. */
function flatten(value: unknown, path: readonly string[] = []): [string, unknown][] {
  const isLeaf = typeof value !== "object" || value === null || Array.isArray(value);
  if (isLeaf || Object.keys(value).length === 0) return [[path.join("."), value]];
  return Object.entries(value).flatMap(([name, member]) => flatten(member, [...path, name]));
}

function membersOf(setting: ProfileId, model: string, protocol: ProtocolId): Members {
  return new Map(flatten(selectProfile({ setting, baseUrl: "https://upstream.test/v1", model, protocol })));
}

/** What differs from `usual`; a member that only the usual profile has is "(absent)". */
function differences(members: Members, usual: Members): { [path: string]: unknown } {
  const paths = [...new Set([...usual.keys(), ...members.keys()])];
  return Object.fromEntries(
    paths
      .filter((path) => !Bun.deepEquals(members.get(path), usual.get(path)))
      .map((path) => [path, members.has(path) ? members.get(path) : "(absent)"]),
  );
}

function describeFamily(id: ProfileId): object {
  const [usualModel = "", ...others] = modelsOf[id];
  const usual = membersOf(id, usualModel, "chat");
  const onResponses = membersOf(id, usualModel, "responses");
  return {
    [usualModel]: Object.fromEntries(usual),
    "the same, asked on the Responses API": differences(onResponses, usual),
    ...Object.fromEntries(others.map((model) => [model, differences(membersOf(id, model, "chat"), usual)])),
  };
}

test.each([...profileIds])("[0.13:models] the profiles of %s are those recorded, member by member", (id) => {
  const path = join(root, `${id}.json`);
  const profiles = describeFamily(id);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, `${JSON.stringify(profiles, null, 2)}\n`);
  expect(profiles).toStrictEqual(JSON.parse(readFileSync(path, "utf8")));
});

test("every record is that of a family", () => {
  expect(readdirSync(root).sort()).toEqual(profileIds.map((id) => `${id}.json`).sort());
});

test.each(profileIds)("the family of %s stands in the file of that name", async (id) => {
  const module: object = await import(join(import.meta.dir, `../../src/profiles/${id}.ts`));
  expect(Object.values(module)).toEqual([families[id]]);
});

test.each(profileIds)("[0.13:models] every rule for models of %s has a model in the record", (id) => {
  const { rules = [] } = families[id];
  const models = modelsOf[id].map((model) => model.toLowerCase());
  const without = rules.filter(
    ({ models: pattern }) => !models.some((model) => pattern?.test(model) !== false),
  );
  expect(without.map(({ models: pattern }) => pattern?.source)).toEqual([]);
});
