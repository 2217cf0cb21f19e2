import { describe, expect, test } from "bun:test";
import { createRouteSelector } from "../../src/routing/select-route.ts";

const config = {
  bigModelName: "big/one",
  mediumModelName: "medium/one",
  smallModelName: "small/one",
  upstreamProfile: "auto",
  upstreamProtocol: "auto",
  addressProtocol: null,
  baseUrl: "https://openrouter.ai/api/v1",
} as const;

describe("[1.1:model] the requested id picks the tier", () => {
  const selectRoute = createRouteSelector(config);
  test.each([
    ["haiku", "small", "small/one", true],
    ["claude-haiku-4-5-20251001", "small", "small/one", true],
    ["claude-3-5-Haiku-latest", "small", "small/one", true],
    ["claude-sonnet-5-5", "medium", "medium/one", true],
    ["claude-sonnet-4-5[1m]", "medium", "medium/one", true],
    ["claude-opus-5-5", "big", "big/one", true],
    ["claude-opus-5-5[1M]", "big", "big/one", true],
    ["claude-fable-1", "big", "big/one", true],
    ["claude-mythos-1", "big", "big/one", true],
    ["gpt-5", "big", "big/one", false],
    ["", "big", "big/one", false],
    ["qwen/qwen3.6-plus", "big", "qwen/qwen3.6-plus", true],
    ["anthropic/claude-haiku-4.5", "big", "anthropic/claude-haiku-4.5", true],
    ["z-ai/glm-4.6[1m]", "big", "z-ai/glm-4.6", true],
  ] as const)("%p -> %s %s, known: %p", (requested, tier, model, isKnownModel) => {
    const route = selectRoute(requested);
    const { profile } = route;
    const upstream = "upstream";
    expect(route).toEqual({ upstream, tier, model, profile, protocolBasis: "default", isKnownModel });
  });
});

test("[1.1:model] sonnet is the big model when no medium one is set", () => {
  const route = createRouteSelector({ ...config, mediumModelName: config.bigModelName })("claude-sonnet-5-5");
  expect({ tier: route.tier, model: route.model }).toEqual({ tier: "medium", model: "big/one" });
});

test("[0.13:models] a route carries the profile of its own model", () => {
  const selectRoute = createRouteSelector({
    ...config,
    bigModelName: "anthropic/claude-opus-4.6",
    smallModelName: "google/gemini-2.5-flash",
  });
  const families = ["opus", "haiku", "x-ai/grok-4"].map(
    (id) => selectRoute(id).profile.traits.reasoning.envelopeFamily,
  );
  expect(families).toEqual(["or-anthropic", "or-google", "or-xai"]);
});

test("[0.13:models] profiles of the configured models are made once", () => {
  const selectRoute = createRouteSelector(config);
  expect(selectRoute("opus").profile).toBe(selectRoute("unknown").profile);
});

test.each([
  ["http://127.0.0.1:8080/v1", "auto", "llamacpp"],
  ["http://192.168.1.5:8080/v1", "auto", "llamacpp"],
  ["http://127.0.0.1:11434/v1", "auto", "ollama"],
  ["https://openrouter.ai/api/v1", "auto", "openrouter"],
  ["http://127.0.0.1:8080/v1", "generic", "generic"],
] as const)(
  "[0.13:answers] %s with %p, once it says that it is llama.cpp: %p",
  (baseUrl, upstreamProfile, id) => {
    let recognised: "llamacpp" | null = null;
    const selectRoute = createRouteSelector(
      { ...config, baseUrl, upstreamProfile },
      { recognised: () => recognised },
    );
    const before = selectRoute("opus").profile.id;
    recognised = "llamacpp";
    expect([before, selectRoute("opus").profile.id]).toEqual([id === "llamacpp" ? "generic" : id, id]);
    expect(selectRoute("haiku").profile).toBe(selectRoute("haiku").profile);
  },
);
