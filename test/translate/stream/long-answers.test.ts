import { expect, test } from "bun:test";
import { type TranslationCase, translateStream } from "../../support/translate-answer.ts";

const translationCase: TranslationCase = {
  profile: "generic",
  model: "m",
  request: { model: "c", max_tokens: 100, stream: true, messages: [{ role: "user", content: "hi" }] },
};

function event(delta: object): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
}

const openCall = { tool_calls: [{ index: 0, id: "a", function: { name: "B", arguments: '{"a' } }] };
const pieces = 200_000;

/** What is held until more is known. Time that grew with the square of the text would be minutes here. */
test.each([
  ["[4.5:text-between] text behind an open call", openCall, "abcd"],
  ["[3.3:think-tags] blanks that a tag may follow", {}, "   \n"],
  ["[3.3:think-tags] reasoning in a tag", { content: "<think>" }, "abcd"],
])(
  "%s takes time in proportion to its length",
  (_, first, content) => {
    const bytes = new TextEncoder().encode(event(first) + event({ content }).repeat(pieces));
    expect(translateStream(translationCase, [bytes]).events.at(-1)?.type).toBe("error");
  },
  10_000,
);
