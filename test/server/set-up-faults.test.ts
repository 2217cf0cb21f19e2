import { expect, test } from "bun:test";
import { status } from "../support/reply.ts";
import { hello, readFailure, startPair } from "../support/start-pair.ts";

const settings = { bigModelName: "glm-9", mediumModelName: "glm-8", smallModelName: "glm-7" };

test.each<[asked: string, named: object, end: string]>([
  [
    "claude-opus-5-5",
    {},
    "does not have the model glm-9: no such model. Set BIG_MODEL_NAME to one that it has",
  ],
  [
    "claude-sonnet-5-5",
    {},
    "does not have the model glm-8: no such model. Set MEDIUM_MODEL_NAME to one that it has",
  ],
  [
    "claude-haiku-5-5",
    {},
    "does not have the model glm-7: no such model. Set SMALL_MODEL_NAME to one that it has",
  ],
  ["claude-sonnet-5-5", { mediumModelName: "glm-9" }, "Set BIG_MODEL_NAME to one that it has"],
  ["claude-haiku-5-5", { smallModelName: "glm-9" }, "Set SMALL_MODEL_NAME to one that it has"],
  [
    "z-ai/glm-9",
    {},
    "does not have the model z-ai/glm-9: no such model. The client chose this model: choose one that it has with /model or --model",
  ],
  [
    "claude-opus-5-5",
    { upstreamProfile: "ollama" },
    "Set BIG_MODEL_NAME to one that it has, or get it: ollama pull glm-9",
  ],
])("[5.5:model] asked for %s with %j", async (model, named, end) => {
  await using pair = await startPair({ settings: { ...settings, ...named } });
  pair.upstream.respondWith(() => status(404, { error: { message: "no such model" } }));
  for (const stream of [false, true]) {
    const [code, type, message] = await readFailure(await pair.post({ ...hello, model, stream }));
    expect([code, type]).toEqual([424, "not_found_error"]);
    expect(message).toEndWith(end);
  }
  expect(pair.upstream.requests.length).toBe(2);
});
