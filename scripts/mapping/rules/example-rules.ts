import { createSection, type RuleRow } from "../rule.ts";

const examples = [
  "A plain turn to a generic upstream",
  "Claude Code's main call to OpenRouter",
  "The same call to OpenAI",
  "A system message inside the conversation, folded and kept",
  "A round with a tool",
  "An image in a tool result, for OpenAI and for OpenRouter",
  "A call without a result",
  "A result without a call",
  "A result that is an error",
  "Ids for Mistral",
  "A long name of an MCP tool, there and back",
  "Deferred tools",
  "Tool choice",
  "Usage with a cache and reasoning",
  "A whole answer with reasoning and a call (DeepSeek), and its way back",
  "A DeepSeek history without thinking",
  "A refusal",
  "A call in one chunk (Gemini), and its signature's way back",
  "Three calls at index 0 (Gemini, Ollama)",
  "Two calls whose pieces come in turns",
  "A name that comes late",
  "Arguments as an object (Ollama)",
  "Reasoning, text, reasoning, text",
  "Usage behind the finish reason",
  "An error of OpenRouter before any output",
  "The same error after text",
  "An overflow with numbers",
  "An overflow by `max_tokens`",
  "An error about an id that looks like an overflow",
  "A whole answer to a stream",
  "A call cut by the output limit",
  "Claude's own thinking at another vendor's, and at Anthropic's",
  "Thinking that the client does not want to see",
  "A web search where there is none",
  "More stop sequences than four",
];

/** Worked examples, from one wire to the other. */
export const exampleRules = [
  createSection(
    "",
    "9 Worked examples",
    "Each is a test that spells out both sides.",
    examples.map((text, index): RuleRow => [`E${index + 1}`, "MUST", `${text}.`]),
  ),
];
