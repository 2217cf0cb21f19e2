import type { Effort } from "./effort.ts";

/** How an upstream speaks the Responses API, grouped by what it speaks of. */
export interface ResponsesDialect {
  readonly request: ResponsesRequestDialect;
  readonly tools: ResponsesToolDialect;
  readonly toolChoice: ResponsesToolChoiceDialect;
  readonly messages: ResponsesMessageDialect;
  readonly reasoning: ResponsesReasoningDialect;
}

export interface ResponsesRequestDialect {
  /** Sends `stream_options: {include_obfuscation: false}`, without which every delta has random padding. */
  readonly declinesObfuscation: boolean;
  /** `off-only`: a model that reasons takes it only beside effort `none`. */
  readonly temperature: "pass" | "drop" | "off-only";
  readonly topP: "pass" | "drop" | "off-only";
  readonly topK: boolean;
  readonly structuredOutput: "json_schema" | "json_object" | "prompt";
  /** Top-level request keys passed as they are (CLAUDE_CODE_EXTRA_BODY). */
  readonly passedKeys: readonly string[];
}

export interface ResponsesToolDialect {
  /** Whether a strict tool is sent as one; the member is always sent, because its default is true. */
  readonly strict: "when-valid" | "never";
  /** When `parallel_tool_calls` is sent. */
  readonly parallelCalls: "when-disabled" | "always";
  /** The form of the `web_search` tool, where the traits say that there is one. */
  readonly webSearch: "openai" | "xai" | "bare";
}

export interface ResponsesToolChoiceDialect {
  /** What `any` becomes. */
  readonly any: "required" | "omit";
  /** What a named tool becomes; `only-tool` sends just that tool, with `any`'s word where it has one. */
  readonly tool: "object" | "only-tool";
  /** A forced choice while thinking is on: it is sent, or left out. */
  readonly whileThinking: "keep" | "omit";
  /** The upstream reads the field over; worth a note. */
  readonly isIgnored: boolean;
}

export interface ResponsesMessageDialect {
  /** The content of an assistant's message: one `output_text` part, or a string (vllm, ollama). */
  readonly assistantText: "parts" | "string";
  /** What a `function_call_output` may hold besides text: nothing, images, or images and files. */
  readonly toolOutput: "text" | "images" | "files";
  /** Calls of one turn stand together behind its text and reasoning, and their outputs follow (deepseek). */
  readonly callsAdjacent: boolean;
  /** Assistant messages bear `phase`: `commentary` before a call, else `final_answer`. */
  readonly phase: boolean;
}

/** How the wish to think is written (rule 21), and how reasoning goes back (rule 22.4). */
export interface ResponsesReasoningDialect {
  /** `reasoning.effort` exists for this model. */
  readonly takesEffort: boolean;
  /** What is sent for each wish: a string is sent as it is, null sends no level. */
  readonly levels: Readonly<Record<"off" | Effort, string | null>>;
  /** False for models that think whatever is asked. */
  readonly canBeOff: boolean;
  /** True when a request that says nothing about thinking gets it anyway. */
  readonly onByDefault: boolean;
  /** `reasoning.summary: "auto"` is sent where the client shows thinking. */
  readonly takesSummary: boolean;
  readonly returnedAs: /** Nowhere. */
    | "none"
    /** `encrypted_content` as received, and nothing where none came; `include` asks for it (openai, azure, xai). */
    | "encrypted"
    /** `encrypted_content` as received, else the text as `content`, where the model reads its reasoning again. */
    | "text"
    /** The same, and a stand-in on every other assistant turn while thinking is on (deepseek). */
    | "text-always"
    /** The text as `encrypted_content` (ollama). */
    | "text-as-encrypted";
  /** Stands in where the upstream demands reasoning and none is known; null where nothing is demanded. */
  readonly unknownAs: string | null;
  /** Reasoning items bear the id they came with (azure project endpoints, openrouter). */
  readonly itemIds: "none" | "reasoning";
}
