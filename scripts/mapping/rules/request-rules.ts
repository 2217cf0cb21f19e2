import { createSection } from "../rule.ts";

/** The fields of a messages request, but for tools and messages. */
export const requestRules = [
  createSection("1.1", "Fields of a messages request", "", [
    [
      "model",
      "MUST",
      "`haiku` in the id is small, `sonnet` is medium (big if none is set), everything else is big; a `[1m]` suffix is cut, an id with `/` goes through as it is. No id is refused.",
    ],
    ["model-unknown", "MUST", "An id that names no known tier is big, with one warning per id."],
    [
      "max_tokens",
      "MUST",
      "Sent, lowered to the configured and the model's known ceiling; lowering is logged. A small value is raised only for an upstream that refused it.",
    ],
    [
      "max_tokens-0",
      "SHOULD",
      'A request that warms a cache is answered by the proxy: no content, `stop_reason: "max_tokens"`, no usage.',
    ],
    [
      "required",
      "MUST",
      "A missing or wrong `model`, `messages` or `max_tokens` is a 400 that names the field; so is any field of the wrong type.",
    ],
    ["messages-limit", "MAY", "More than 100,000 messages are a 400."],
    [
      "stream",
      "MUST",
      "`stream: true` becomes `stream` and `stream_options`; a whole answer is asked for with neither.",
    ],
    [
      "stream-qwen",
      "MAY",
      "A whole answer of a thinking Qwen model is asked for as a stream and put together.",
    ],
    [
      "temperature",
      "MUST",
      "Passed; dropped for OpenAI's reasoning models with an effort and for Kimi from k2.5; 0 becomes 0.01 for MiniMax.",
    ],
    [
      "top_p",
      "MUST",
      "Passed; dropped for Kimi from k2.5, and beside `temperature` for OpenAI's reasoning models.",
    ],
    [
      "top_k",
      "MUST",
      "Passed to OpenRouter, vLLM, llama.cpp, Ollama and LM Studio; dropped elsewhere, with a note.",
    ],
    [
      "stop_sequences",
      "MUST",
      "As many as the upstream takes are sent (four; GLM one; xAI and OpenAI's reasoning models none), the proxy watches for the rest (1.5). Blank ones go.",
    ],
    ["thinking", "MUST", "See 1.2."],
    ["effort", "MUST", "`output_config.effort`: see 1.2."],
    [
      "format",
      "MUST",
      "`output_config.format` (and the older `output_format`) becomes `response_format: json_schema`, `strict` where the schema leaves nothing open; for DeepSeek, GLM and Qwen before 3.7 `json_object` and the schema in the system prompt; for Groq with tools the prompt alone.",
    ],
    [
      "format-fallback",
      "MUST",
      "A refused `response_format` is tried once more as `json_object` with the schema in the system prompt.",
    ],
    ["task_budget", "MUST", "Dropped, with a note."],
    ["tool_choice", "MUST", "See 1.3."],
    ["tools", "MUST", "See 1.3."],
    [
      "metadata",
      "SHOULD",
      "The session id in `user_id` (both forms) is sent as `session_id` to OpenRouter and as `prompt_cache_key` to OpenAI, so that the prompt cache stays warm. The user id itself goes nowhere.",
    ],
    [
      "service_tier",
      "MAY",
      "Dropped, with a note.",
      "the tiers of the two wires mean different contracts and prices",
    ],
    ["speed", "MAY", "Dropped, with a note.", "a faster tier costs more, and nobody asked the one who pays"],
    ["cache_control", "SHOULD", "At the top level: passed to OpenRouter, dropped elsewhere."],
    [
      "context_management",
      "SHOULD",
      "Dropped without a note, but `clear_thinking` with a number is honoured: older thinking is left out. Other edits are noted. The answer has `applied_edits: []` if the request had the field.",
    ],
    ["compaction", "MUST", "Refused with a 400: the answer would mean something else."],
    [
      "safeguards",
      "MUST",
      "Dropped. No verdict is ever invented; the client's own classifier request keeps its small `max_tokens`, its stop sequence and thinking off.",
    ],
    [
      "classifier-model",
      "MAY",
      "Claude Code's classifier requests go to the model they name.",
      "the small model does it; another setting would be one more to explain",
    ],
    ["unknown", "MUST", "Unknown fields never fail a request: dropped, with a note."],
    [
      "extra-body",
      "MUST",
      "`provider`, `models`, `plugins`, `transforms`, `route` are passed to OpenRouter.",
    ],
    [
      "fallbacks",
      "MAY",
      "Dropped, with a note.",
      "the ids are Anthropic's; which models stand behind them is only known to the settings",
    ],
    ["mcp_servers", "MUST", "Refused with a 400 unless empty: the model would silently lose tools."],
    ["thread", "MUST", "Refused with a 400: the state is on a server we are not."],
    ["headers", "MUST", "No header of the client goes to the upstream."],
    ["attribution", "SHOULD", "OpenRouter gets `HTTP-Referer` and `X-Title` from the settings."],
    [
      "extra-body-setting",
      "MAY",
      "There is no setting for more fields.",
      "Claude Code's `CLAUDE_CODE_EXTRA_BODY` does it per client",
    ],
  ]),
  createSection(
    "1.2",
    "Thinking and effort",
    "What the client wants is worked out first (off, unset, on, with a budget or an effort), then written as the upstream understands it.",
    [
      [
        "order",
        "MUST",
        "An effort set by a system message on the way outweighs `output_config.effort`, which outweighs what `thinking` says.",
      ],
      ["disabled", "MUST", "`disabled` is off, even with an effort."],
      ["unset", "MUST", "No `thinking` and no effort: no reasoning field is sent."],
      [
        "budget",
        "MUST",
        "A budget is sent where budgets exist (and stays below the output limit); elsewhere it is an effort: below 2048 low, 8192 medium, 24,576 high, else xhigh.",
      ],
      ["off", "SHOULD", "Off is written in each upstream's own way."],
      ["effort", "MUST", "An effort is written in each upstream's own way."],
      ["on", "SHOULD", "On without an effort: the switch alone, where there is one."],
      ["levels", "MUST", "Models with levels of their own get the nearest they have."],
      ["always-on", "MUST", "Off on a model that cannot stop: nothing or its lowest level, with one note."],
      [
        "qwen-whole",
        "MUST",
        "Qwen thinks in streams only: a whole answer is asked for with `enable_thinking: false`, or streamed when thinking was asked for.",
      ],
      [
        "display",
        "MUST",
        "`omitted` sends thinking blocks with no text and the whole signature; otherwise the text is shown.",
      ],
      [
        "show-always",
        "MAY",
        "There is no setting that shows thinking against the client's wish.",
        "the client knows what it wants to show",
      ],
    ],
  ),
];
