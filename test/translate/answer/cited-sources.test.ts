import { expect, test } from "bun:test";
import { translateCompletion } from "../../support/translate-answer.ts";

test.each([
  [{ web_search_requests: 0 }, 1],
  [{ web_search_requests: 3 }, 3],
  [undefined, 1],
])("[3.6:usage] of an answer with cited pages, %j are told as %d", (server_tool_use_details, expected) => {
  const tools = [{ type: "web_search_20250305", name: "web_search" }];
  const messages = [{ role: "user", content: "hi" }];
  const request = { model: "claude-opus-5-5", max_tokens: 100, messages, tools };
  const annotations = [{ type: "url_citation", url_citation: { url: "https://a.test" } }];
  const { message } = translateCompletion(
    { profile: "openrouter", model: "m", request },
    {
      choices: [{ index: 0, message: { content: "So.", annotations }, finish_reason: "stop" }],
      usage: { prompt_tokens: 9, completion_tokens: 2, server_tool_use_details },
    },
  );
  expect(message?.usage.server_tool_use).toEqual({ web_search_requests: expected, web_fetch_requests: 0 });
});
