import { expect, test } from "bun:test";
import { CommandError } from "../../../src/cli/command-error.ts";
import { parseMessagesRequest } from "../../../src/cli/route/parse-messages-request.ts";

const messages = [{ role: "user" as const, content: "hi" }];

function fault(text: string, model?: string): unknown {
  try {
    parseMessagesRequest(text, model);
    return null;
  } catch (error) {
    return error instanceof CommandError ? [error.exitCode, error.message] : error;
  }
}

test("a request with max_tokens is for an answer, one without is for a count", () => {
  const body = { model: "m", messages };
  expect(parseMessagesRequest(JSON.stringify({ ...body, max_tokens: 5 }), undefined)).toEqual({
    path: "messages",
    request: { ...body, max_tokens: 5 },
    body: { ...body, max_tokens: 5 },
  });
  const counted = parseMessagesRequest(JSON.stringify(body), "other");
  expect([counted.path, counted.request.model]).toEqual(["count_tokens", "other"]);
});

test.each<[string, string, string]>([
  ["a text", "hello", "This is no messages request: it is not a JSON object."],
  ["a list", "[]", "This is no messages request: it is not a JSON object."],
  ["no model", JSON.stringify({ messages }), "This messages request names no model. Name one: --model ID"],
  [
    "a wrong role",
    JSON.stringify({ model: "m", messages: [{ role: "tool", content: "x" }] }),
    'This is no valid messages request: messages.0.role: Invalid option: expected one of "user"|"assistant"|"system"',
  ],
  [
    "a wrong limit",
    JSON.stringify({ model: "m", messages, max_tokens: "5" }),
    "This is no valid messages request: max_tokens: Invalid input: expected number, received string",
  ],
  [
    "nested too deeply",
    `{"model":"m","messages":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    expect.stringMatching(
      /^This request is nested deeper than \d+ levels, which the proxy does not accept\.$/,
    ),
  ],
])("%s is refused", (_name, text, message) => {
  expect(fault(text)).toEqual([2, message]);
});
