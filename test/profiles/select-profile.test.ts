import { describe, expect, test } from "bun:test";
import { genericProfile } from "../../src/profiles/generic-profile.ts";
import type { MessageTraits } from "../../src/profiles/model-traits.ts";
import type { Profile } from "../../src/profiles/profile.ts";
import { type ProfileId, profileAliases, profileIds } from "../../src/profiles/profile-ids.ts";
import { layOver } from "../../src/profiles/profile-overrides.ts";
import { recogniseServer } from "../../src/profiles/recognise-server.ts";
import { selectProfile } from "../../src/profiles/select-profile.ts";

function auto(baseUrl: string, model = "m"): Profile {
  return selectProfile({ setting: "auto", baseUrl, model });
}

function named(setting: ProfileId, model: string): Profile {
  return selectProfile({ setting, baseUrl: "https://upstream.test/v1", model });
}

describe("[0.13:host] the host picks the family", () => {
  test.each([
    ["https://openrouter.ai/api/v1", "openrouter"],
    ["https://eu.openrouter.ai/api/v1", "openrouter"],
    ["https://api.openai.com/v1", "openai"],
    ["https://my-team.openai.azure.com/openai/v1", "openai"],
    ["https://api.deepseek.com", "deepseek"],
    ["https://api.moonshot.ai/v1", "kimi"],
    ["https://api.moonshot.cn/v1", "kimi"],
    ["https://api.z.ai/api/paas/v4", "glm"],
    ["https://open.bigmodel.cn/api/paas/v4", "glm"],
    ["https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "qwen"],
    ["https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1", "qwen"],
    ["https://api.minimax.io/v1", "minimax"],
    ["https://api.minimaxi.com/v1", "minimax"],
    ["https://generativelanguage.googleapis.com/v1beta/openai", "gemini"],
    ["https://api.mistral.ai/v1", "mistral"],
    ["https://api.groq.com/openai/v1", "groq"],
    ["https://api.x.ai/v1", "xai"],
    ["https://ollama.com/v1", "ollama"],
    ["http://127.0.0.1:11434/v1", "ollama"],
    ["http://localhost:1234/v1", "lmstudio"],
    ["http://[::1]:1234/v1", "lmstudio"],
    ["http://localhost:8080/v1", "generic"],
    ["http://localhost:8000/v1", "generic"],
    ["http://192.168.1.5:11434/v1", "generic"],
    ["https://api.together.xyz/v1", "generic"],
    ["https://openrouter.ai.evil.test/v1", "generic"],
    ["https://notopenrouter.ai/v1", "generic"],
    ["https://max.ai/v1", "generic"],
    ["https://proxy.test/api.openai.com/v1", "generic"],
  ])("%s -> %s", (baseUrl, id) => {
    expect(auto(baseUrl).id).toBe(id as ProfileId);
  });
});

test("[0.13:setting] the setting outweighs the host", () => {
  const profile = selectProfile({ setting: "mistral", baseUrl: "https://openrouter.ai/api/v1", model: "m" });
  expect(profile.id).toBe("mistral");
});

test("[0.13:setting] every setting has a profile of its own name, and sglang is vllm", () => {
  expect(profileIds.map((id) => named(id, "m").id)).toEqual([...profileIds]);
  expect([...profileAliases]).toEqual([["sglang", "vllm"]]);
});

/** What every family is laid over, with what only a server without a family gets. */
const unknownServer = layOver(genericProfile, { chat: { reasoning: { returnedAs: "opaque" } } });

test("[0.13:generic] a server of which nothing is known gets the generic profile, and its own opaque reasoning back", () => {
  expect(auto("https://llm.example.test/v1")).toEqual(unknownServer);
});

describe("[0.13:answers] a server that names itself", () => {
  test.each([
    ["llama.cpp", "llamacpp"],
    ["llama.cpp/b10587", "llamacpp"],
    ["Llama.cpp", "llamacpp"],
    ["llama.cpp-proxy", null],
    ["uvicorn", null],
    ["my llama.cpp", null],
    ["", null],
  ] as const)("%p: %p", (server, id) => {
    expect(recogniseServer(new Headers({ server }))).toBe(id);
  });

  test("none", () => {
    expect(recogniseServer(new Headers())).toBeNull();
  });
});

test("[1.3:tool] an unknown server on this machine is sent a named tool alone, whatever it is", () => {
  const choices = ["http://127.0.0.1:8080/v1", "http://192.168.1.5:8080/v1", "https://a.test/v1"];
  expect(choices.map((baseUrl) => auto(baseUrl).chat.toolChoice.tool)).toEqual([
    "only-tool",
    "object",
    "object",
  ]);
  const named = selectProfile({ setting: "generic", baseUrl: "http://127.0.0.1:8080/v1", model: "m" });
  expect(named).toEqual(unknownServer);
});

test.each(["qwen3-8b", "seed-oss-36b", "noise"])("[6.2:llamacpp] %s reads its reasoning again", (model) => {
  const { returnedAs, unknownAs, onByDefault } = named("llamacpp", model).chat.reasoning;
  expect([returnedAs, unknownAs, onByDefault]).toEqual(["content-with-tools", null, true]);
});

test.each([
  ["anthropic/claude-sonnet-4.5", "or-anthropic"],
  ["openai/gpt-5.2", "or-openai"],
  ["google/gemini-2.5-flash", "or-google"],
  ["x-ai/grok-4", "or-xai"],
  ["mistralai/mistral-medium-3.1", "or-other"],
  ["z-ai/glm-4.6", "or-other"],
] as const)("[0.13:prefix] behind OpenRouter, %s by its vendor's prefix is %s", (model, family) => {
  expect(named("openrouter", model).traits.reasoning.envelopeFamily).toBe(family);
});

test("[1.3:strict 2.4.8:sent] DeepSeek takes strict tools and prefixes at its /beta address only", () => {
  const pick = ({ chat }: Profile) => ({ strictTools: chat.tools.strict, prefill: chat.messages.prefill });
  expect(pick(auto("https://api.deepseek.com/beta"))).toEqual({
    strictTools: "all-or-none",
    prefill: "prefix",
  });
  expect(pick(auto("https://api.deepseek.com/v1"))).toEqual({ strictTools: "never", prefill: "as-is" });
});

describe("[2.2:image-refused] models that are known to read text only", () => {
  test.each([
    ["deepseek-reasoner", "none"],
    ["deepseek-vl2", "url"],
    ["glm-5", "none"],
    ["glm-4-plus", "none"],
    ["glm-4v-plus", "url"],
    ["kimi-k2-thinking", "none"],
    ["kimi-k2.5", "url"],
    ["qwen3-coder-plus", "none"],
    ["qwen3:8b", "none"],
    ["qwen3-vl-235b", "url"],
    ["qwen3.5-397b", "url"],
    ["qwen2.5-vl-72b-instruct", "url"],
    ["llama3", "none"],
    ["llama-3.2-90b-vision", "url"],
    ["grok-code-fast-1", "none"],
    ["grok-4", "url"],
    ["some-new-model", "url"],
  ])("%s: %s", (model, images) => {
    expect(named("generic", model).traits.messages.images).toBe(images as MessageTraits["images"]);
  });
});
