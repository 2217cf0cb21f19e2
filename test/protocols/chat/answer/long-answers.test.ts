import { expect, test } from "bun:test";
import { expectLinear } from "../../../support/expect-linear.ts";
import { type TranslationCase, translateStream } from "../../../support/translate-answer.ts";

const translationCase: TranslationCase = {
  profile: "generic",
  model: "m",
  request: { model: "c", max_tokens: 100, stream: true, messages: [{ role: "user", content: "hi" }] },
};

function event(delta: object): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
}

const openCall = { tool_calls: [{ index: 0, id: "a", function: { name: "B", arguments: '{"a' } }] };

/** What each piece costs by itself hides the square of few pieces: the smaller answer has some 13,000. */
const piecesPerSize = 100;

/** What is held until more is known. */
test.each([
  ["[4.5:text-between] text behind an open call", openCall, "abcd"],
  ["[3.3:think-tags] blanks that a tag may follow", {}, "   \n"],
  ["[3.3:think-tags] reasoning in a tag", { content: "<think>" }, "abcd"],
])("%s takes time in proportion to its length", async (name, first, content) => {
  await expectLinear(
    name,
    (size) => new TextEncoder().encode(event(first) + event({ content }).repeat(size * piecesPerSize)),
    (bytes) => expect(translateStream(translationCase, [bytes]).events.at(-1)?.type).toBe("error"),
    { largestSize: 512 },
  );
});
