import fc from "fast-check";
import { familyModels } from "../../../support/models-of-families.ts";
import type { TranslationCase } from "../../../support/translate-answer.ts";

const tools = ["Read", "Bash", "mcp__files__Write"].map((name) => ({
  name,
  input_schema: {
    type: "object",
    properties: {
      path: { type: "string" },
      limit: { type: "number" },
      note: { type: ["string", "null"] },
      pages: { type: "string" },
      items: { type: "array" },
    },
    required: ["path"],
  },
}));

const search = { type: "web_search_20250305", name: "web_search" };

/** A conversation in which two ids are taken. */
const history = [
  { role: "user", content: "hi" },
  {
    role: "assistant",
    content: ["call_0", "toolu_used"].map((id) => ({ type: "tool_use", id, name: "Read", input: {} })),
  },
  {
    role: "user",
    content: ["call_0", "toolu_used"].map((tool_use_id) => ({
      type: "tool_result",
      tool_use_id,
      content: "R",
    })),
  },
];

/** What is asked, and of whom. */
export const targets: fc.Arbitrary<TranslationCase> = fc
  .record({
    upstream: fc.constantFrom(...familyModels),
    display: fc.constantFrom("summarized", "omitted"),
    isContinued: fc.boolean(),
    searches: fc.boolean(),
    loneThinkTag: fc.constantFrom(null, null, "<think>"),
    stopSequences: fc.constantFrom([], [], ["1", "2", "3", "4", "STOP"]),
  })
  .map(({ upstream: [profile, model], display, isContinued, searches, loneThinkTag, stopSequences }) => ({
    profile,
    model,
    loneThinkTag,
    request: {
      model: "claude-opus-5-5",
      max_tokens: 100,
      stream: true,
      thinking: { type: "adaptive", display },
      tools: searches ? [...tools, search] : tools,
      stop_sequences: stopSequences,
      messages: isContinued ? history : history.slice(0, 1),
    },
  }));
