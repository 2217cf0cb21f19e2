import fc from "fast-check";

/** What an upstream says, whatever the way in which it tells it. */
export interface Answer {
  reasoning: string;
  text: string;
  refusal: string;
  calls: AnswerCall[];
  /** Addresses of cited pages. */
  sources: string[];
  finishReason: string | null;
  usage: object | null;
}

export interface AnswerCall {
  id: string;
  name: string;
  input: { [key: string]: unknown };
}

/** Words that mean something to a parser on the way, and letters of every width. */
const words = [
  ...'a é 漢字 👩‍👩‍👧 <think> <tool_call> [DONE] {" \\ data: STOP ST OP'.split(" "),
  ...[
    "\n",
    " ",
    "\ud83d",
    "\u2028",
    "event: error\n\n",
    "```json\n{",
    "<｜DSML｜",
    "<|tool_call>",
    "[TOOL_CALLS]",
  ],
  ...[
    "<|channel|>",
    "analysis",
    "<|message|>",
    "<|end|>",
    "<|channel>thought\n",
    "<function=",
    "<|tool_call_begin|>",
    "<｜tool▁calls▁begin｜>",
    "<minimax:tool_call>",
  ],
];
const closingTags = ["</think>", "</thought>", "</tool_call>", "<channel|>"];
const proseOf = (known: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...known), fc.string({ maxLength: 6, unit: "binary" })), {
      maxLength: 12,
    })
    .map((chosen) => chosen.join(""));
const plainProse = fc
  .array(fc.constantFrom("A", "b ", "é", "漢", "👍🏽", "\n", ". "), { maxLength: 12 })
  .map((words) => words.join(""));

/** `limit` is optional and may not be null, `note` may, `items` is a list: see the tools of the targets. */
const input = fc
  .record(
    {
      path: fc.string({ maxLength: 8 }),
      limit: fc.oneof(fc.nat(), fc.constant(null)),
      note: fc.constantFrom("n", "", null),
      pages: fc.constantFrom("", "1-2"),
      items: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }),
      more: fc.jsonValue({ maxDepth: 3 }),
    },
    { requiredKeys: [] },
  )
  .map((object) => ({ ...object }));

const call: fc.Arbitrary<AnswerCall> = fc.record({
  id: fc.oneof(
    fc.stringMatching(/^call_[a-z0-9]{1,6}$/),
    // Restarted every turn, of a form that the client refuses, Mistral's, Kimi's.
    fc.constantFrom("call_0", "call_1", "toolu_used", "functions.Bash:0", "has blank", "Ab3dE6gH9"),
  ),
  name: fc.constantFrom("Read", "Bash", "mcp__files__Write", "bash", "functions.Read", "Unknown"),
  input,
});

const tokens = fc.nat(100_000);
const usage = fc.oneof(
  fc.record({ prompt_tokens: tokens, completion_tokens: tokens }),
  fc.record({
    prompt_tokens: tokens,
    completion_tokens: tokens,
    prompt_tokens_details: fc.record({ cached_tokens: tokens, cache_write_tokens: tokens }),
    completion_tokens_details: fc.record({ reasoning_tokens: tokens }),
  }),
  fc.record({ prompt_tokens: tokens, completion_tokens: tokens, prompt_cache_hit_tokens: tokens }),
  fc.record({ prompt_tokens: tokens, completion_tokens: tokens, cached_tokens: tokens }),
  fc.record({ prompt_tokens: tokens, completion_tokens: tokens, cost: fc.constant(0.01) }),
);

const goodEnds = [
  "stop",
  "tool_calls",
  "length",
  "content_filter",
  "eos",
  "model_length",
  "STOP",
  "function_call",
];
const otherEnds = [
  "sensitive",
  "MAX_TOKENS",
  "model_context_window_exceeded",
  "insufficient_system_resource",
  "tired",
];
const failedEnds = ["error", "network_error"];

function answersOf(text: fc.Arbitrary<string>, ends: readonly string[]): fc.Arbitrary<Answer> {
  return fc.record({
    reasoning: text,
    text,
    refusal: fc.oneof({ weight: 9, arbitrary: fc.constant("") }, { weight: 1, arbitrary: text }),
    calls: fc.uniqueArray(call, { selector: ({ id }) => id, maxLength: 4 }),
    sources: fc.array(fc.constantFrom("https://a.test", "https://b.test/ü"), { maxLength: 3 }),
    finishReason: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...ends) },
      { weight: 1, arbitrary: fc.constantFrom(null, "") },
    ),
    usage: fc.option(usage, { nil: null }),
  });
}

const anyEnds = [...goodEnds, ...goodEnds, ...otherEnds, ...failedEnds];

/** Any answer. */
export const answers = answersOf(proseOf([...words, ...closingTags]), anyEnds);

/** Answers without a tag that closes what was not opened: of those a whole answer alone can be judged (rule 3.3). */
export const wholeAnswers = answersOf(proseOf(words), anyEnds);

/** Answers without a word that could be taken for a tag, with an end that is no failure. */
export const plainAnswers = answersOf(plainProse, goodEnds);
