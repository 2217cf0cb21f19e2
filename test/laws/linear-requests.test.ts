import { afterAll, describe, test } from "bun:test";
import { ApiError } from "../../src/anthropic/api-error.ts";
import { checkMessagesRequest } from "../../src/anthropic/check-request.ts";
import type { Config } from "../../src/config/config.ts";
import { listRequestParts } from "../../src/protocols/chat/count/list-request-parts.ts";
import { createRouteSelector } from "../../src/routing/select-route.ts";
import { parseRequest } from "../../src/server/parse-request.ts";
import { createTokenCounter } from "../../src/tokens/create-token-counter.ts";
import { findSessionId } from "../../src/translate/conversation/find-session-id.ts";
import { expectLinear } from "../support/expect-linear.ts";
import { createTestConfig } from "../support/test-config.ts";
import { translateRequest } from "../support/translate-request.ts";
import { requestShapes, type Target } from "./request-shapes.ts";

const counter = createTokenCounter({ calibrationFilePath: null, upstreamHost: "h", warn: () => {} });
afterAll(() => counter.close());

const encoder = new TextEncoder();

/** All that is done on the serving thread with the body of a request before it is sent. */
async function takeRequest(bytes: Uint8Array, config: Config): Promise<void> {
  try {
    const request = await parseRequest(bytes, checkMessagesRequest, () => {});
    findSessionId(request);
    const { model, profile } = createRouteSelector(config)(request.model);
    const { body: chatRequest } = translateRequest(request, { model, profile, maxOutputTokens: 64_000 });
    JSON.stringify(chatRequest);
    counter.guess(counter.recall(model, listRequestParts(chatRequest)));
  } catch (error) {
    // To refuse a request is an answer, too; it has to come as soon.
    if (!(error instanceof ApiError)) throw error;
  }
}

function configOf({ profile, model }: Target): Config {
  return createTestConfig({
    baseUrl: "https://upstream.test/v1",
    logFilePath: "",
    upstreamProfile: profile,
    bigModelName: model,
  });
}

/** The least request with the fields of a shape, as it comes; the same bytes for every run of a size. */
function createBodies(fields: (size: number) => object): (size: number) => Uint8Array {
  const made = new Map<number, Uint8Array>();
  return (size) => {
    const known = made.get(size);
    if (known !== undefined) return known;
    const least = { model: "claude-opus-5", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };
    const bytes = encoder.encode(JSON.stringify({ ...least, ...fields(size) }));
    made.set(size, bytes);
    return bytes;
  };
}

describe.each([...requestShapes])("$name", ({ name, targets, fields, largestSize = 200_000 }) => {
  test.each(targets ?? [{ profile: "generic", model: "m" }])("to $model of $profile", async (target) => {
    const config = configOf(target);
    await expectLinear(name, createBodies(fields), (bytes) => takeRequest(bytes, config), { largestSize });
  });
});
