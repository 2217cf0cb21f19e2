import { expect, test } from "bun:test";
import { messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import { selectProfile } from "../../../../src/profiles/select-profile.ts";
import { buildInParts } from "../../../../src/protocols/chat/request/build-chat-request.ts";
import { readRequest } from "../../../../src/translate/conversation/read-request.ts";
import { translateRequest } from "../../../support/translate-request.ts";
import { requestBody } from "./build.ts";

const profile = selectProfile({ setting: "generic", baseUrl: "https://upstream.test/v1", model: "m" });
const options = { maxOutputTokens: 64_000, model: "m", profile };

test.each([
  [10_000, 2],
  [10_001, 3],
  [20_001, 4],
])("[F3] %d turns are built in parts of ten thousand, and come to the same as at once", (turns, yields) => {
  const messages = Array.from({ length: turns }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: `turn ${index}`,
  }));
  const request = messagesRequestSchema.parse(requestBody({ messages }));
  const parts = buildInParts(readRequest(request, options), options);
  let count = 0;
  let part = parts.next();
  for (; part.done !== true; part = parts.next()) count += 1;
  expect(count).toBe(yields);
  // Not by `toEqual`, which takes its time for so many.
  expect(JSON.stringify(part.value)).toBe(JSON.stringify(translateRequest(request, options)));
});
