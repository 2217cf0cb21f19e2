import { expect, test } from "bun:test";
import { findLastQuestion } from "../../../src/cli/logs/last-question.ts";

const ask = (...messages: readonly object[]) => findLastQuestion(JSON.stringify({ messages }));
const reminder = "<system-reminder>\nMany lines about the project.\n</system-reminder>";

test("the person's words are found under what the client puts around them", () => {
  const content = [
    { type: "text", text: reminder },
    { type: "text", text: "Do the task." },
  ];
  const system = { role: "system", content: [{ type: "text", text: "# Environment" }] };
  expect(ask({ role: "user", content }, system)).toBe("Do the task.");
});

test("results of tools are said to be such, without the reminder behind them", () => {
  const result = { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "counted" }] };
  const content = [result, { type: "text", text: reminder }];
  expect(ask({ role: "user", content: "old" }, { role: "user", content })).toBe(
    "(result of a tool)\ncounted",
  );
});

test("where there is nothing else, what the client says by itself is told", () => {
  expect(ask({ role: "user", content: reminder })).toBe(reminder);
  expect(ask({ role: "system", content: "# Environment" })).toBe("# Environment");
  expect([ask(), findLastQuestion("no JSON"), ask({ role: "user", content: [] })]).toEqual([
    null,
    null,
    null,
  ]);
});
