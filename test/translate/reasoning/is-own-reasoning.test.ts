import { expect, test } from "bun:test";
import { selectProfile } from "../../../src/profiles/select-profile.ts";
import { carriesText, familyOfEnvelope } from "../../../src/translate/reasoning/family-of-envelope.ts";
import { isOwnReasoning } from "../../../src/translate/reasoning/is-own-reasoning.ts";

const details = [{ type: "reasoning", encrypted_content: "E" }];

test.each([
  ["openai", "https://api.openai.com/v1", "responses", "rs-openai", "rs-openai"],
  ["xai", "https://api.x.ai/v1", "responses", "rs-xai", "rs-xai"],
  ["vllm", "http://127.0.0.1:8000/v1", "responses", "rs-other", "text"],
  ["vllm", "http://127.0.0.1:8000/v1", "chat", "text", "text"],
] as const)(
  "[23.3:family] %s at %s on %s writes %s with blobs and %s without",
  (setting, baseUrl, protocol, withBlobs, without) => {
    const profile = selectProfile({ setting, baseUrl, model: "m", protocol });
    expect([
      familyOfEnvelope(profile, details),
      familyOfEnvelope(profile),
      familyOfEnvelope(profile, []),
    ]).toEqual([withBlobs, without, without]);
  },
);

test("[23.3:family] a profile of unknown make writes plain text where no blob came", () => {
  const profile = selectProfile({
    setting: "vllm",
    baseUrl: "http://127.0.0.1:8000/v1",
    model: "m",
    protocol: "responses",
  });
  const traits = {
    ...profile.traits,
    reasoning: { ...profile.traits.reasoning, envelopeFamily: "rs-other" as const },
  };
  expect([
    familyOfEnvelope({ protocol: "responses", traits }, details),
    familyOfEnvelope({ protocol: "responses", traits }),
  ]).toEqual(["rs-other", "text"]);
  expect((["text", "or-openai", "rs-other", "rs-openai"] as const).map(carriesText)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  ["text", "rs-other", "responses", true],
  ["rs-other", "text", "responses", true],
  ["rs-other", "text", "chat", false],
  ["rs-other", "rs-openai", "responses", false],
  ["text", "rs-openai", "responses", false],
  ["rs-other", "rs-other", "responses", true],
] as const)(
  "[23.3:family] an envelope of family %s for a reader of family %s on %s is its own: %p",
  (family, reader, protocol, isOwn) => {
    expect(isOwnReasoning({ family, model: "qwen3" }, { protocol, family: reader, model: "qwen3" })).toBe(
      isOwn,
    );
  },
);
