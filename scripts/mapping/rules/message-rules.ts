import { createSection } from "../rule.ts";

/** The conversation. */
export const messageRules = [
  createSection("2.1", "System", "", [
    ["join", "MUST", "One system message: texts joined by an empty line; with cache marks one part a block."],
    [
      "billing",
      "MUST",
      "Claude Code's `x-anthropic-billing-header` block is removed: it changes and would spoil the cache.",
    ],
    ["blank", "MUST", "Blank blocks go, and with nothing left there is no system message."],
    [
      "one-first",
      "MUST",
      "Upstreams that fold get exactly one system message, the first; GLM gets a user message in any case.",
    ],
    ["openai", "MUST", "OpenAI gets the role `system` too."],
    [
      "folded",
      "MAY",
      "A model whose template refuses the role `system` reads it in front of the user's first message.",
    ],
    [
      "inside",
      "MUST",
      "A system message inside the conversation stays where the upstream takes it; else it joins the user's turn before it as a `<system-reminder>`. It never comes between a call and its result.",
    ],
    ["clear_at", "MUST", "One that was to last until the next user message is gone with it."],
    ["tool-changes", "SHOULD", "Tools that join or leave on the way change the list of tools."],
    ["effort", "SHOULD", "A system message that only sets an effort does so from there on."],
  ]),
  createSection("2.2", "Content blocks", "", [
    ["string", "MUST", "A string passes."],
    [
      "user-text",
      "MUST",
      "Texts of a turn that is text only are joined by a line break; citations and blank blocks go.",
    ],
    [
      "surrogates",
      "MUST",
      "Half a character that stands alone, which cut emojis leave in a history, is U+FFFD on the way up, in any string.",
    ],
    [
      "image-data",
      "MUST",
      "An image becomes a data URL; its type is read from its first bytes, white space in the data goes. Data that is a data URL already is taken as what it is.",
    ],
    [
      "image-url",
      "MUST",
      "A URL passes and is never fetched by the proxy; Kimi and Ollama, which take data only, get a text.",
    ],
    ["file-source", "MUST", "Uploaded files are refused with a 400."],
    [
      "image-refused",
      "SHOULD",
      "An image that the model cannot read becomes a text that says so, with a note; models that refuse images are learned.",
    ],
    [
      "pdf",
      "MUST",
      "A PDF is a file for OpenRouter and OpenAI, a `document_url` for Mistral, and elsewhere a text that says it was left out.",
    ],
    ["pdf-engine", "MAY", "OpenRouter picks its own PDF engine.", "`plugins` can be sent by the client"],
    [
      "pdf-url",
      "MUST",
      "The URL of a PDF goes to OpenRouter (and Mistral), elsewhere it is named in a text.",
    ],
    ["document-text", "MUST", "A text document becomes `<document title=…>`, its context before it."],
    ["document-content", "MUST", "A document of blocks becomes its parts, wrapped in the same way."],
    ["search_result", "SHOULD", "A search result becomes `<search_result …>`."],
    ["tool_result", "MUST", "See 2.3."],
    ["container_upload", "MUST", "Refused with a 400."],
    [
      "assistant-text",
      "MUST",
      "Texts are joined by an empty line unless white space is there; text and calls stay on one message.",
    ],
    ["thinking", "MUST", "Never sent as visible text: see 6."],
    ["tool_use", "MUST", "A call with the JSON of an object, whatever the input was."],
    ["server-tool", "SHOULD", "A web search and its results become a line and a list of links."],
    ["mcp", "SHOULD", "MCP calls and results become text."],
    [
      "server-results",
      "SHOULD",
      "Results of code execution, tool search and advisors become text; what says nothing goes, with a note.",
    ],
    ["compaction", "SHOULD", "A summary becomes the user's `<summary>`; an empty one goes."],
    ["fallback", "MUST", "`fallback` and `mcp_tool_listing` are dropped."],
    ["unknown", "MUST", "An unknown block says its text, or goes with a note. Never a 400."],
  ]),
  createSection("2.3", "Tool results", "", [
    ["string", "MUST", "A string passes."],
    ["texts", "MUST", "Texts are joined by line breaks."],
    ["empty", "MUST", "Nothing becomes `(no output)`: some servers refuse an empty result."],
    ["error", "SHOULD", "`is_error` adds `Error: ` unless the text says so already."],
    [
      "media-inside",
      "SHOULD",
      "Images and documents stay in the tool message where the upstream takes parts there.",
    ],
    [
      "media-after",
      "MUST",
      "Elsewhere they follow in one user message behind all tool messages, and the result says so.",
    ],
    ["search_result", "MUST", "A search result becomes text."],
    ["tool_reference", "MUST", "A tool that was found becomes `Tool <name> is now available.`"],
  ]),
  createSection("", "2.4 Order and repair", "Every repair is logged once.", [
    ["2.4.1", "MUST", "Neighbours of one role are one turn."],
    [
      "2.4.2:order",
      "MUST",
      "Results come first, in the order of the calls, then the rest of the turn as one user message.",
    ],
    [
      "2.4.2:mistral",
      "MUST",
      "Mistral allows no user right after a tool: an assistant's `OK.` goes between. Others, and chat templates, are learned by their refusal, unless they took it before.",
    ],
    [
      "2.4.3",
      "MUST",
      "A call without a result gets one that says it was interrupted; in the last message it is a 400, as at Anthropic.",
    ],
    ["2.4.4:orphan", "MUST", "A result without its call becomes text."],
    ["2.4.4:twice", "MUST", "Of two results for one call the last counts."],
    [
      "2.4.4:repeat",
      "MUST",
      "A call and result that come twice are sent once; another call of the same id gets a new one.",
    ],
    [
      "2.4.5",
      "MUST",
      "An empty turn of the assistant is removed; an empty first or last turn of the user says `(continue)`.",
    ],
    [
      "2.4.6",
      "SHOULD",
      "A conversation that the assistant begins gets a user's `(continue)` first, but for OpenRouter and OpenAI.",
    ],
    [
      "2.4.7",
      "MUST",
      "`content` beside calls and without text is null; an empty string for LM Studio and GLM.",
    ],
    [
      "2.4.8:sent",
      "SHOULD",
      "A begun answer is sent without trailing white space, in the upstream's own way.",
    ],
    ["2.4.8:cut", "SHOULD", "An upstream that repeats it has it cut from its answer."],
    [
      "2.4.9",
      "MUST",
      "Ids of calls are rewritten where an upstream has a form of its own, or its refusal asks for one, the same on both sides, always the same; the client never sees it.",
    ],
    ["2.4.10", "MUST", "No text is ever cut."],
    [
      "2.4.11",
      "MAY",
      "Templates that refuse two calls at once are told them one after the other, each with its result.",
    ],
  ]),
];
