import { expect, test } from "bun:test";
import { describeLessons } from "../../../src/cli/learned/describe-lessons.ts";
import { findClearing } from "../../../src/cli/learned/find-clearing.ts";
import type { Lesson } from "../../../src/learned/lesson.ts";
import { createPaint } from "../../../src/logging/paint.ts";
import { listLessons } from "../../../src/relay/list-lessons.ts";

const lesson: Lesson = {
  upstream: "openrouter.ai/api/v1",
  kind: "chat-repair",
  model: "z-ai/glm-5.3",
  key: "k",
  value: { kind: "thinking-off-for-forced-choice", form: "effort", scope: "model" },
  atMs: 1_000,
  from: `400: ${"words of the refusal ".repeat(8)}words of the refusal, all of it`,
  isForgotten: false,
};
const names = new Map([["openrouter.ai/api/v1", "router"]]);

test("at 80 columns no line is wider", () => {
  const view = { filePath: "/f", paint: createPaint(false), columns: 80 };
  const text = describeLessons(listLessons([lesson], names), view);
  expect(text).toStartWith("router (openrouter.ai/api/v1)\n  z-ai/glm-5.3\n    ");
  expect(text).toEndWith("of\n        the refusal words of the refusal words of the refusal, all of it\n");
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("lessons are listed by upstream, then by model", () => {
  const known = [
    { ...lesson, model: "b" },
    { ...lesson, model: "a" },
    { ...lesson, upstream: "a.test/v1", model: "z" },
    { ...lesson, model: "c" },
  ];
  expect(listLessons(known, names).map(({ upstream, model }) => `${upstream} ${model}`)).toEqual([
    "a.test/v1 z",
    "openrouter.ai/api/v1 a",
    "openrouter.ai/api/v1 b",
    "openrouter.ai/api/v1 c",
  ]);
});

test("an upstream is cleared by its name in the file, up to its newest lesson", () => {
  const clearing = { upstream: lesson.upstream, atMs: 1_000 };
  const known = { names, nowMs: 500 };
  expect(findClearing("router", [lesson], known)).toEqual({ ...clearing, model: null });
  expect(findClearing("router/z-ai/glm-5.3", [lesson], known)).toEqual({
    ...clearing,
    model: "z-ai/glm-5.3",
  });
  expect(() => findClearing("router", [], known)).toThrow(
    "Nothing was learned of router, or of anything else.",
  );
});
