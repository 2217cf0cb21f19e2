import { expect, test } from "bun:test";
import { describeReplay } from "../../../src/cli/replay/describe-replay.ts";
import type { ReplayAnswer } from "../../../src/cli/replay/replay-answer.ts";
import { unseenCharacters } from "../../../src/json/unseen-characters.ts";
import { createPaint } from "../../../src/logging/paint.ts";

const recorded: ReplayAnswer = {
  asked: "claude-opus-5-5",
  requestId: "req_1",
  upstream: "openrouter",
  model: "z-ai/glm-5.3",
  status: 200,
  text: "I will list the files.\nThen I read the first one of them.\nDone.",
  toolCalls: [{ name: "Bash", input: { command: "ls -la", timeout: 1000 } }],
  stopReason: "tool_use",
  error: null,
  inputTokens: 1200,
  outputTokens: 52,
  cacheReadTokens: 11_000,
  cacheWriteTokens: null,
  costUsd: 0.012_345,
  durationMs: 12_345,
  firstByteMs: 812.4,
};

const other: ReplayAnswer = {
  ...recorded,
  asked: "deepseek/deepseek-v4-pro",
  requestId: "req_2",
  upstream: "deepseek",
  model: "deepseek-v4-pro",
  text: "I will list the files.\nThen I read the second one of them.\nSomething wholly different stands here.\nDone.",
  toolCalls: [{ name: "Bash", input: { command: "ls", timeout: 1000 } }],
  costUsd: null,
  cacheReadTokens: 0,
  durationMs: 999,
};

const show = (answers: readonly ReplayAnswer[], columns: number | null = 80) =>
  describeReplay(recorded, answers, { paint: createPaint(false), columns });

test("at 40 columns long names lose their middle, and no row is wider", () => {
  const rows = show([other], 40).split("\n");
  expect(rows.slice(0, 3)).toEqual([
    "               recorded     new",
    "asked for      claud…s-5-5  deeps…4-pro",
    "answered by    openr…m-5.3  deeps…4-pro",
  ]);
  expect(rows.filter((row) => Bun.stringWidth(row) > 40)).toEqual([]);
});

test("at 80 columns a difference stands line below line, with words that changed within one", () => {
  expect(show([other])).toBe(`               recorded                 new
asked for      claude-opus-5-5          deepseek/deepseek-v4-pro
answered by    openrouter/z-ai/glm-5.3  deepseek/deepseek-v4-pro
status         200                      200
stop reason    tool_use                 tool_use
prompt tokens  12,200                   1,200
from cache     11,000                   0
output tokens  52                       52
cost           $0.0123                  ?
time           12.3 s                   999 ms
first byte     812 ms                   812 ms

The new answer
Text:
  I will list the files.
~ Then I read the [-first-]{+second+} one of them.
+ Something wholly different stands here.
  Done.
Tool calls:
  Bash {
~   "command": "ls[- -la-]",
    "timeout": 1000
  }
`);
});

test("at 120 columns it stands side by side", () => {
  const [, text] = show([other], 120).split("\n\n");
  expect(text).toBe(`The new answer
Text:
  I will list the files.                                   |   I will list the files.
- Then I read the first one of them.                       | + Then I read the second one of them.
                                                           | + Something wholly different stands here.
  Done.                                                    |   Done.
Tool calls:
  Bash {                                                   |   Bash {
-   "command": "ls -la",                                   | +   "command": "ls",
    "timeout": 1000                                        |     "timeout": 1000
  }                                                        |   }
`);
});

test("several answers share a table as far as it reaches", () => {
  const answers = [other, { ...other, upstream: "a", model: "b", asked: "haiku", text: recorded.text }];
  const heads = (columns: number) =>
    show(answers, columns)
      .split("\n")
      .filter((line) => /recorded|^answered by|^Answer/.test(line));
  expect(heads(80)).toEqual([
    "               recorded                 answer 1                  answer 2",
    "answered by    openrouter/z-ai/glm-5.3  deepseek/deepseek-v4-pro  a/b",
    "Answer 1, deepseek/deepseek-v4-pro",
    "Answer 2, a/b",
  ]);
  expect(heads(70)).toEqual([
    "               recorded                 answer 1",
    "answered by    openrouter/z-ai/glm-5.3  deepseek/deepseek-v4-pro",
    "               recorded                 answer 2",
    "answered by    openrouter/z-ai/glm-5.3  a/b",
    "Answer 1, deepseek/deepseek-v4-pro",
    "Answer 2, a/b",
  ]);
});

test("what is the same is shown once, and what failed says why", () => {
  const failed: ReplayAnswer = {
    ...recorded,
    status: 529,
    text: recorded.text,
    toolCalls: [],
    stopReason: null,
    error: "overloaded_error: \u001b[31mcome back later",
  };
  expect(show([failed]).split("\n\n")[1]).toBe(`The new answer
It failed: overloaded_error: \\u001b[31mcome back later
Text, the same in both:
  I will list the files.
  Then I read the first one of them.
  Done.
Tool calls:
- Bash {
-   "command": "ls -la",
-   "timeout": 1000
- }
`);
});

test("an answer whose words were not kept is said to be so", () => {
  const lost = { ...recorded, text: null, toolCalls: null };
  expect(
    describeReplay(lost, [{ ...other, toolCalls: [] }], { paint: createPaint(false), columns: 80 }).split(
      "\n\n",
    )[1],
  ).toBe(`The new answer
Text (of the recorded answer it was not kept):
  I will list the files.
  Then I read the second one of them.
  Something wholly different stands here.
  Done.
Tool calls: none
`);
});

test("of equal lines three before and after a difference are shown", () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const before = { ...recorded, text: lines.join("\n"), toolCalls: [] };
  const after = { ...before, text: lines.with(10, "another thing").with(12, "a new beginning").join("\n") };
  expect(describeReplay(before, [after], { paint: createPaint(false), columns: 80 }).split("\n\n")[1]).toBe(
    `The new answer
Text:
  … 7 lines are the same
  line 7
  line 8
  line 9
- line 10
+ another thing
  line 11
- line 12
+ a new beginning
  line 13
  line 14
  line 15
  … 14 lines are the same
Tool calls: none in both
`,
  );
});

test.each([40, 80, 120, 200])(
  "at %d columns no row of a text is wider, and nothing controls the terminal",
  (columns) => {
    const hostile = `${"a word and ".repeat(40)}\n\u001b]0;title\u0007${"x".repeat(500)}\r\t\u202e${"漢字".repeat(90)}`;
    const out = show(
      [{ ...other, text: hostile, asked: `${"m".repeat(60)}\u001b`, model: "m\u0007", upstream: null }],
      columns,
    );
    const [, text = ""] = out.split("\n\n");
    expect(text.split("\n").filter((line) => Bun.stringWidth(line) > columns)).toEqual([]);
    expect(out.replaceAll("\n", "").match(unseenCharacters)).toBeNull();
  },
);

test("texts that have nothing in common are compared soon", () => {
  const words = (seed: number) =>
    Array.from({ length: 20_000 }, (_, index) => `${(index * seed) % 7919} is a line`).join("\n");
  const out = show([{ ...other, text: words(31) }]);
  expect(out).toContain("\n- I will list the files.\n");
});
