import { createSection } from "../rule.ts";

/** What becomes of an answer, whole or streamed. */
export const answerRules = [
  createSection("3.1", "The message", "", [
    ["id", "MUST", "`msg_` and 24 letters and digits; the upstream's own id is in the log."],
    ["type", "MUST", '`type: "message"`, `role: "assistant"`.'],
    [
      "model",
      "MUST",
      "The model id that the client sent; the upstream's is in the log and in the header `x-upstream-model`.",
    ],
    ["content", "MUST", "Thinking, then text, then calls, as they came; never an empty text."],
    ["nulls", "SHOULD", "`container` is null; `context_management` is there only when it was asked for."],
    ["agreement", "MUST", "A streamed answer, put together, is the whole answer."],
  ]),
  createSection("3.2", "Stop reason", "The first that fits counts.", [
    [
      "tool_use",
      "MUST",
      "A call was made and nothing below says otherwise, whatever the upstream's own reason (Gemini and Ollama say `stop`).",
    ],
    ["no-call", "MUST", "`tool_calls` without a call is `end_turn`, with a warning."],
    [
      "stop_sequence",
      "MUST",
      "A hit of our own watch, vLLM's `stop_reason`, SGLang's `matched_stop`, OpenRouter's native reason with one sequence.",
    ],
    [
      "length",
      "MUST",
      "`length`, `max_tokens`, `MAX_TOKENS`, `model_length` are `max_tokens`; `model_context_window_exceeded` in a full window that is known.",
    ],
    ["window", "MUST", "GLM's `model_context_window_exceeded` is the same."],
    ["refusal", "MUST", "A content filter or a refusal is `refusal`; its text is shown too."],
    ["error", "MUST", "`error` and `network_error` are no stop: 5.4."],
    [
      "resources",
      "MUST",
      "DeepSeek's `insufficient_system_resource` is a 529 when nothing was made, else `end_turn` with a warning.",
    ],
    ["other", "MUST", "`stop`, nothing, an empty text and the unknown are `end_turn`."],
  ]),
  createSection("3.3", "Where the content is", "", [
    [
      "reasoning",
      "MUST",
      "`reasoning_content`, `reasoning`, `reasoning_text` (Copilot) or the text of `reasoning_details` is thinking; one of them counts where they repeat each other.",
    ],
    [
      "snapshots",
      "MUST",
      "MiniMax: a reasoning text that begins with all so far is a snapshot; only the rest is new.",
    ],
    ["repeated", "MAY", "xAI: a reasoning delta equal to the one before is dropped."],
    ["text", "MUST", "`content` as a string is text."],
    ["parts", "MUST", "`content` as a list (Mistral): text is text, thinking is thinking."],
    ["refusal", "MUST", "`refusal` is text, and the stop reason."],
    [
      "think-tags",
      "MUST",
      "A `<think>` (or `<thinking>`, `<reasoning>`; Gemini `<thought>`) at the very start is thinking; never later, never when it is not closed. Gemma's `<|channel>` likewise. In a whole answer also what stands before a closing tag alone, when thinking was asked for; alone at the very start such a tag is left out. llama.cpp parses thinking itself: there a closing tag alone is text.",
    ],
    [
      "lone-tag",
      "SHOULD",
      "A stream that closes such a tag and never opened it stays text, as it is out; the model's next ones are held until they close it, for as long as they do. Of models whose template always opens the tag (DeepSeek-R1, QwQ, Qwen3-Thinking, MiniMax-M2), on vLLM, SGLang and servers without a family, the first one is held, too.",
    ],
    [
      "channels",
      "SHOULD",
      "The marks of gpt-oss's channels at the start of an answer: the analysis is thinking, the rest text.",
    ],
    ["tool_calls", "MUST", "Calls, with arguments as text, as an object, or none."],
    ["function_call", "MUST", "The older form of a call is one call."],
    [
      "leaked",
      "MAY",
      "An answer that ends in calls written as text is those calls, if all of them are tools of the request: in the notation of Hermes, Qwen, GLM, DeepSeek, Kimi, Mistral, MiniMax or Gemma. Tags that people write about (`<tool_call>`, `<function=`) count at the start of an answer, and a fence of JSON never, but at local servers.",
    ],
    [
      "reasoning-calls",
      "MAY",
      "The same at the end of the reasoning, when neither text nor a call follows it.",
    ],
    [
      "choices",
      "MUST",
      "Calls in other choices are those of the answer, if the first has none (GitHub Copilot puts text and calls into two).",
    ],
    ["images", "MUST", "A generated image is `[image generated]`."],
    ["audio", "MUST", "Audio is left out, with a warning."],
  ]),
  createSection("3.4", "Usage", "", [
    [
      "read",
      "MUST",
      "Tokens read from the cache, from whichever of the six places the upstream uses; never more than the prompt.",
    ],
    ["write", "MUST", "Tokens written to the cache."],
    ["input", "MUST", "What is left of the prompt, so that the three add up to it."],
    ["output", "MUST", "Completion tokens; where reasoning is not among them (xAI) it is added."],
    ["thinking", "SHOULD", "Reasoning tokens, or null."],
    ["searches", "SHOULD", "Web searches, or null."],
    ["tier", "MUST", "`service_tier` is `standard`."],
    ["cost", "SHOULD", "The price is in the log only."],
    [
      "cost-header",
      "MAY",
      "There is no header with the price.",
      "it would be missing from every stream, where it matters",
    ],
    ["estimated", "MUST", "Usage that the upstream does not tell is estimated, and the log says so."],
    [
      "places",
      "MUST",
      "Usage is also found at the choice (Moonshot), under `x_groq`, and in chunks without choices; the last counts, nothing is added.",
    ],
  ]),
  createSection("3.5", "Tool calls", "", [
    ["id-new", "MUST", "An id that is missing or was used before in the conversation is replaced."],
    ["id-kept", "MUST", "Any other id of a usual form passes."],
    ["id-kimi", "MAY", "Kimi sees its own form of ids again in the history."],
    [
      "nulls",
      "MUST",
      "`null` is dropped for what is optional and may not be null, and for what the schema does not know and forbids; in streams too.",
    ],
    ["pages", "SHOULD", "An empty `pages` of `Read` is dropped; no other empty text is touched."],
    [
      "structured",
      "SHOULD",
      "A member that is a list or an object written as a text is read where the schema takes no text.",
    ],
    [
      "name",
      "SHOULD",
      "Names are mapped back; another case, known prefixes and control marks behind the name are forgiven.",
    ],
    ["object", "MUST", "Arguments that are a JSON object are the input."],
    [
      "not-object",
      "SHOULD",
      "JSON that is no object is unwrapped once; `null` is `{}`, all else becomes `{value: …}`.",
    ],
    [
      "long-numbers",
      "MUST",
      "Numbers beyond 2^53 stay as they are written: in streams, in whole answers, in calls written into the text and in the history.",
    ],
    [
      "placeholder",
      "MUST",
      "An object without members gives way to one that follows; it waits for it until the end, unless its tool takes no arguments.",
    ],
    [
      "several",
      "MUST",
      "Other whole objects behind the arguments are further calls of the same tool, also when other calls came between; one that came before is not.",
    ],
    [
      "behind",
      "MUST",
      "Brackets, tags and fences behind the arguments are left out; with anything else all is handed on as it is: no input is ever shortened.",
    ],
    [
      "cut-by-length",
      "MUST",
      "A call cut by the output limit is dropped (in a stream: stopped as it is), and the stop reason is `max_tokens`.",
    ],
    [
      "repaired",
      "SHOULD",
      "Broken JSON is mended carefully; what cannot be mended is shown to the model as `__unparsed_arguments`.",
    ],
    [
      "cut",
      "MUST",
      "A streamed call that breaks off under a normal finish ends in an error event: a client would run half a call.",
    ],
    [
      "not-json",
      "MUST",
      "Streamed arguments that are no JSON at all: the block is stopped as it is, with a warning.",
    ],
    ["held", "MUST", "Local servers and Gemini: arguments are held until the call is complete, and mended."],
    ["caller", "MAY", "`caller` is not sent.", "nothing but the model calls tools here"],
  ]),
  createSection("3.6", "Web search", "", [
    [
      "blocks",
      "SHOULD",
      "Cited pages become `server_tool_use` and `web_search_tool_result`, before the text, or behind it when they come last; each page once.",
    ],
    ["usage", "SHOULD", "Such an answer counts at least one search."],
  ]),
];
