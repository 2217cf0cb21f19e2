import { expect, test } from "bun:test";
import { parseCompletion } from "../../../../src/protocols/chat/answer/parse-completion.ts";

const key = "our-own-upstream-key";
const redact = (text: string) => text.replaceAll(key, "[key]");
const choices = [{ message: { content: `The key is ${key}.` } }];

test("[F7] what a model says of a key is left to whoever knows the client's request", () => {
  expect(parseCompletion(JSON.stringify({ choices }), redact)).toEqual({ choices });
});

test("[F7] beside an error it goes at once", () => {
  const text = JSON.stringify({ choices, error: { message: `no ${key}` } });
  expect(parseCompletion(text, redact)).toEqual(JSON.parse(redact(text)));
});
