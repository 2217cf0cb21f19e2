import { expect, test } from "bun:test";
import { type AnswerKind, classifyAnswer, mediaType } from "../../src/upstream/answer-kind.ts";

const cases: [string, string, boolean, AnswerKind][] = [
  ["text/event-stream", "", false, "events"],
  ["text/event-stream; charset=utf-8", "{", false, "events"],
  ["Text/Event-Stream", "", false, "events"],
  ["application/x-ndjson", "", false, "events"],
  ["application/json", "", false, "undecided"],
  ["application/json", ' \n{"a', false, "whole"],
  ["application/json", "[{", false, "whole"],
  ["application/json", "data: {", false, "events"],
  ["application/json", "nonsense", false, "other"],
  ["", "{", false, "whole"],
  ["", ": OPENROUTER", false, "events"],
  ["", "data:", false, "events"],
  ["", "event:", false, "events"],
  ["", "id: 1", false, "events"],
  ["", "retry: 1", false, "events"],
  ["text/plain", "even", false, "undecided"],
  ["text/plain", "even", true, "other"],
  ["text/plain", "internal error", false, "other"],
  ["text/plain", "deployment", false, "other"],
  ["text/html", "<html>", false, "other"],
  ["text/html", "", true, "other"],
];
test.each(cases)("[4.8:sniff] %p with %j (whole: %p) is %p", (contentType, start, isWhole, expected) => {
  expect(classifyAnswer(contentType, start, isWhole)).toBe(expected);
});

test("the media type of a content type", () => {
  expect(mediaType(" Text/HTML ; charset=utf-8")).toBe("text/html");
  expect(mediaType("")).toBe("");
});
