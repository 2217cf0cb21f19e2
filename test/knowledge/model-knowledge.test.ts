import { expect, test } from "bun:test";
import type { ModelFacts, ModelSettings } from "../../src/config/file-config.ts";
import { noFacts } from "../../src/knowledge/facts.ts";
import type { FetchedFacts } from "../../src/knowledge/fetched-facts.ts";
import { createFactsLayer } from "../../src/knowledge/lay-facts.ts";
import { createModelKnowledge } from "../../src/knowledge/model-knowledge.ts";
import { selectProfile } from "../../src/profiles/select-profile.ts";
import { createFileConfig, upstreamSettings } from "../support/file-config.ts";

const said: ModelFacts = { ...noFacts, window: 1000, images: true, name: "Said" };
const of: FetchedFacts["of"] = (_, model) => (model === "long/id" ? said : noFacts);
const fetched: FetchedFacts = {
  of,
  knownOf: of,
  settled: async () => {},
  close: () => {},
};
const settings = (facts: Partial<ModelSettings>): ModelSettings => ({ ...noFacts, like: null, ...facts });

test("what the file says outweighs what the upstream says, by the long and by the short name", () => {
  for (const name of ["desk/long/id", "desk/fast"]) {
    const file = createFileConfig({
      upstreams: [
        upstreamSettings("desk", "http://127.0.0.1:9/v1", { models: new Map([["fast", "long/id"]]) }),
      ],
      models: new Map([[name, settings({ window: 500, images: false })]]),
    });
    const { factsOf } = createModelKnowledge(file, fetched);
    const target = { upstream: "desk", model: "long/id" };
    expect(factsOf(target)).toEqual({ ...noFacts, window: 500, images: false, name: "Said" });
    expect(factsOf(target)).toBe(factsOf(target));
    expect(factsOf({ upstream: "desk", model: "other" })).toBe(noFacts);
    expect(factsOf({ upstream: "none", model: "long/id" })).toBe(noFacts);
  }
});

const profileOf = (model: string, setting: "generic" | "ollama" = "generic") =>
  selectProfile({ setting, baseUrl: "http://127.0.0.1:9/v1", model });

test("a profile says what is known; the rest stays, and the same is not made twice", () => {
  const lay = createFactsLayer();
  const profile = profileOf("m");
  const facts = { ...noFacts, window: 32768, maxOutput: 4096, images: false, pdf: false, reasoning: false };
  const laid = lay(profile, facts);
  expect(laid.traits.request).toEqual({ ...profile.traits.request, inputWindow: 32768, outputCeiling: 4096 });
  expect(laid.traits.messages).toEqual({ ...profile.traits.messages, images: "none", pdf: "none" });
  expect(laid.chat.reasoning).toEqual({ ...profile.chat.reasoning, form: "none" });
  expect(laid.responses.reasoning).toEqual({ ...profile.responses.reasoning, takesEffort: false });
  expect(laid.traits.tools).toEqual(profile.traits.tools);
  expect(lay(profile, facts)).toBe(laid);
  expect(lay(profile, noFacts)).toEqual(profile);
});

test("a model that takes images does so in its family's form, whatever its name says", () => {
  const lay = createFactsLayer();
  const seeing = { ...noFacts, images: true };
  const textOnly = "gpt-oss:20b";
  expect(profileOf(textOnly).traits.messages.images).toBe("none");
  expect(lay(profileOf(textOnly), seeing).traits.messages.images).toBe("url");
  expect(lay(profileOf(textOnly, "ollama"), seeing).traits.messages.images).toBe("base64-jpeg-png-webp");
  expect(lay(profileOf("m", "ollama"), seeing).traits.messages.images).toBe("base64-jpeg-png-webp");
});
