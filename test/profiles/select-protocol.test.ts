import { describe, expect, test } from "bun:test";
import { selectProfile } from "../../src/profiles/select-profile.ts";

const hosts = {
  openai: "https://api.openai.com/v1",
  azure: "https://team.openai.azure.com/openai/v1",
  cognitive: "https://team.cognitiveservices.azure.com/openai/v1",
  project: "https://team.services.ai.azure.com/openai/v1",
  xai: "https://api.x.ai/v1",
  openrouter: "https://openrouter.ai/api/v1",
  deepseek: "https://api.deepseek.com",
  groq: "https://api.groq.com/openai/v1",
  ollama: "http://127.0.0.1:11434/v1",
  unknown: "https://llm.example.test/v1",
};

function protocolOf(host: keyof typeof hosts, model: string): string {
  return selectProfile({ setting: "auto", baseUrl: hosts[host], model }).protocol;
}

describe("[20.2:auto] the wire that suits host and model", () => {
  test.each([
    "o1-preview",
    "o3",
    "o4-mini-deep-research",
    "gpt-5",
    "GPT-5.1-Codex-Max",
    "gpt-5.4-mini",
    "gpt-5-pro",
    "gpt-6-astra",
    "gpt-10",
    "codex-mini-latest",
    "openai/gpt-5.6-sol",
  ])("%s at OpenAI and Azure: responses", (model) => {
    const found = (["openai", "azure", "cognitive", "project"] as const).map((host) =>
      protocolOf(host, model),
    );
    expect(found).toEqual(["responses", "responses", "responses", "responses"]);
  });

  test.each([
    "gpt-4.1",
    "gpt-4o-search-preview",
    "gpt-5-chat-latest",
    "gpt-5.3-chat",
    "gpt-5-search-api",
    "gpt-oss-120b",
    "ft:gpt-5:team::id",
    "my-deployment",
  ])("%s at OpenAI and Azure: chat", (model) => {
    expect([protocolOf("openai", model), protocolOf("azure", model)]).toEqual(["chat", "chat"]);
  });

  test("xAI is asked on responses, whatever the model; every other host on chat", () => {
    expect(["grok-4", "grok-code-fast-1", "m"].map((model) => protocolOf("xai", model))).toEqual([
      "responses",
      "responses",
      "responses",
    ]);
    const others = ["openrouter", "deepseek", "groq", "ollama", "unknown"] as const;
    expect(others.map((host) => protocolOf(host, "gpt-5.4"))).toEqual(others.map(() => "chat"));
  });

  test("a family that only the settings name is asked on chat, where its address is another's", () => {
    const { id, protocol } = selectProfile({ setting: "openai", baseUrl: hosts.unknown, model: "gpt-5.4" });
    expect([id, protocol]).toEqual(["openai", "chat"]);
  });

  test("the setting outweighs both", () => {
    const choice = { setting: "auto", baseUrl: hosts.openai } as const;
    expect(selectProfile({ ...choice, model: "gpt-5.4", protocol: "chat" }).protocol).toBe("chat");
    expect(selectProfile({ ...choice, model: "gpt-4o", protocol: "responses" }).protocol).toBe("responses");
  });
});

describe("[20.4:azure] an address of Azure's", () => {
  test.each([
    ["https://team.openai.azure.com/openai/v1", "bearer"],
    ["https://team.openai.azure.com/openai/v1/", "bearer"],
    ["https://team.services.ai.azure.com/openai/v1", "bearer"],
    ["https://team.openai.azure.com/openai?api-version=2025-04-01-preview", "api-key"],
    ["https://team.openai.azure.com/openai/deployments/d?api-version=1", "api-key"],
    ["https://api.openai.com/v1", "bearer"],
  ])("%s takes the key as %s", (baseUrl, keyHeader) => {
    expect(selectProfile({ setting: "auto", baseUrl, model: "m" }).traits.request.keyHeader).toBe(
      keyHeader as "bearer",
    );
  });

  test("[22.3:ids] only projects demand the ids of reasoning, and Azure's blobs are its own", () => {
    const facts = [hosts.openai, hosts.azure, hosts.project].map((baseUrl) => {
      const { traits, responses } = selectProfile({ setting: "auto", baseUrl, model: "gpt-5.4" });
      return [traits.reasoning.envelopeFamily, responses.reasoning.itemIds];
    });
    expect(facts).toEqual([
      ["rs-openai", "none"],
      ["rs-azure", "none"],
      ["rs-azure", "reasoning"],
    ]);
  });
});
