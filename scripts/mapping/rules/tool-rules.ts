import { createSection } from "../rule.ts";

/** Tools, prompt caching and stop sequences. */
export const toolRules = [
  createSection("1.3", "Tools and tool choice", "", [
    [
      "custom",
      "MUST",
      "A tool becomes a function with the cleaned schema; without a description none is sent.",
    ],
    [
      "name",
      "MUST",
      "Names that the upstream would refuse are rewritten (other characters, over 64, a leading digit for Kimi), the same everywhere in the request, and mapped back in the answer.",
    ],
    [
      "128",
      "SHOULD",
      "OpenAI, Groq, GLM and xAI get at most 128 tools: used ones first, then those of no MCP server; the log tells which were left out.",
    ],
    [
      "strict",
      "SHOULD",
      "`strict` is passed only where the schema fulfils OpenAI's strict rules and the upstream knows it.",
    ],
    ["defer_loading", "MUST", "Deferred tools are sent in full; the placeholder tool is dropped."],
    ["tool-extras", "MUST", "`eager_input_streaming`, `input_examples` and `allowed_callers` are dropped."],
    [
      "input_examples",
      "MAY",
      "Examples are not written into the description.",
      "they would change what the author of the tool wrote",
    ],
    ["cache-mark", "SHOULD", "A cache mark on a tool is kept for OpenRouter only."],
    ["duplicate", "SHOULD", "Of two tools of one name the first counts, with a note."],
    ["builtin", "SHOULD", "`bash`, `text_editor` and `memory` become functions with a schema of ours."],
    ["computer", "SHOULD", "Computer and browser tools are refused with a 400."],
    [
      "web_search",
      "MUST",
      "OpenRouter searches for us, OpenAI's search models search by themselves; elsewhere the tool is dropped beside others and refused alone.",
    ],
    ["web_fetch", "MAY", "OpenRouter fetches for us; elsewhere like `web_search`."],
    [
      "server-tools",
      "SHOULD",
      "`code_execution`, `advisor` and `mcp_toolset` are dropped beside others and refused alone.",
    ],
    ["tool_search", "MUST", "The search for tools is dropped: all tools are sent anyway."],
    ["none-left", "MUST", "No tools, no fields about tools: never an empty list."],
    [
      "stubs",
      "SHOULD",
      "A history with calls and a request without tools: Anthropic's models behind OpenRouter get stubs.",
    ],
    ["auto", "MUST", "`auto` is not sent: it is the default."],
    [
      "any",
      "MUST",
      "`any` becomes `required` (Mistral `any`; GLM knows neither and gets none, with a note; Ollama reads over it).",
    ],
    [
      "forced-thinking",
      "MUST",
      "A forced choice with thinking on: DeepSeek, Qwen and Kimi k2.5/k2.6 stop thinking for this request; models that cannot stop get no choice, with a note. A refusal is learned where thinking can stop; a choice is given up for that request only.",
    ],
    [
      "tool",
      "MUST",
      "A named tool is named; llama.cpp, LM Studio, Kimi k3 and unknown servers on this machine get `required` and that tool alone. An unknown name is a 400.",
    ],
    [
      "none",
      "MUST",
      "`none` is sent and the tools stay; GLM, which does not know it, gets no tools unless the history calls them.",
    ],
    [
      "parallel",
      "MUST",
      "`disable_parallel_tool_use` becomes `parallel_tool_calls: false`; otherwise nothing is sent, but `true` to llama.cpp.",
    ],
    [
      "groq-validation",
      "MAY",
      "Groq checks tool names itself.",
      "its refusal names the tool, which helps the model more than a call that fails later",
    ],
  ]),
  createSection(
    "1.3.1",
    "Tool schemas",
    "Schemas are cleaned by their grammar: a property *named* `format` is data and stays.",
    [
      ["always", "MUST", "`$schema`, `$id`, `$comment` go, and the top is always an object with properties."],
      [
        "gemini",
        "MUST",
        "Gemini gets its subset: references written out, unknown keywords gone, null as `nullable`, string enums, a type everywhere, items in every list.",
      ],
      [
        "gemini-empty",
        "MUST",
        "Parameters that Gemini refuses because they are empty are left out on one more try.",
      ],
      ["kimi", "MUST", "Kimi gets its own flavour of JSON schema."],
      [
        "openai",
        "MUST",
        "OpenAI, and Anthropic behind OpenRouter: a list says what is in it, a choice at the top is written out into properties, and a pattern is one that Python reads.",
      ],
      [
        "llamacpp",
        "MUST",
        "llama.cpp, and LM Studio on it, get no limit above 32 and no pattern: they make no grammar of them. So with the schema of an output.",
      ],
      ["others", "MUST", "Everyone else gets the schema as it came, in its order."],
    ],
  ),
  createSection("1.4", "Prompt caching", "", [
    ["kept", "MUST", "OpenRouter keeps cache marks on everything, Qwen on message parts without `ttl`."],
    [
      "four",
      "SHOULD",
      "More than four marks: the last on tools, the last on system, the last two in messages (Qwen: the last three).",
    ],
    ["parts", "MUST", "A marked block is sent as a part; unmarked text as a string."],
    ["openai", "SHOULD", "OpenAI gets `prompt_cache_key` in place of marks."],
    [
      "breakpoints",
      "MAY",
      "OpenAI's explicit breakpoints are not used.",
      "its cache works by prefix without them",
    ],
    ["stripped", "MUST", "Everyone else gets no marks."],
    [
      "stable",
      "MUST",
      "The same conversation and one more turn is the same bytes and some more, so that the upstream's cache of prefixes hits.",
    ],
  ]),
  createSection("1.5", "Stop sequences that the upstream does not take", "", [
    [
      "watch",
      "MUST",
      "The proxy watches the text for them and holds back no more than may be the beginning of one.",
    ],
    ["only-text", "MUST", "Reasoning and tool arguments are not watched."],
    [
      "hit",
      "MUST",
      'A hit ends the text before it, stops the upstream and gives `stop_reason: "stop_sequence"`.',
    ],
  ]),
];
