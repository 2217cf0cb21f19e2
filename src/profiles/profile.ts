/** The families of upstreams; `UPSTREAM_PROFILE` takes one of these or `auto`. */
export const profileIds = [
  "openrouter",
  "openai",
  "deepseek",
  "kimi",
  "glm",
  "qwen",
  "minimax",
  "gemini",
  "mistral",
  "groq",
  "xai",
  "ollama",
  "llamacpp",
  "lmstudio",
  "vllm",
  "generic",
] as const;

export type ProfileId = (typeof profileIds)[number];

/** Other names that `UPSTREAM_PROFILE` takes. */
export const profileAliases: ReadonlyMap<string, ProfileId> = new Map([["sglang", "vllm"]]);

/** How much the client wants the model to think, as levels a request can name. */
export type Effort = "low" | "medium" | "high" | "xhigh" | "max";

/**
 * How the wish to think is written into the chat request (rule 1.2).
 * `levels` says what is sent for each wish: a string is sent as it is, null sends no level.
 */
export interface ReasoningRequest {
  form: /** No reasoning field exists. */
    | "none"
    /** `reasoning: {effort} | {max_tokens} | {enabled} | {exclude}` */
    | "openrouter"
    /** `reasoning_effort` */
    | "effort"
    /** `thinking: {type: enabled | disabled}`, with `reasoning_effort` where `levels` has one */
    | "thinking"
    /** `enable_thinking`, `thinking_budget` */
    | "qwen"
    /** `reasoning_split: true`, `thinking: {type: adaptive | disabled}` where `canBeOff` */
    | "minimax";
  levels: Readonly<Record<"off" | Effort, string | null>>;
  /** False for models that think whatever is asked. */
  canBeOff: boolean;
  /** Members added to the `thinking` object or beside `enable_thinking`, e.g. `{clear_thinking: false}`. */
  extra: Readonly<Record<string, unknown>>;
  /** openrouter: this model takes a budget (`max_tokens`) rather than an effort. */
  takesBudget: boolean;
  /** True when a request that says nothing about thinking gets it anyway. */
  onByDefault: boolean;
  /** R0.1: with tools this level is sent whatever was asked, e.g. `"none"` for gpt-5.4 and later. */
  levelWithTools: string | null;
}

/**
 * Where reasoning goes when a conversation is sent back (rule 6.2).
 */
export type ReasoningReturn =
  | "none"
  /** `reasoning_details` in the original order (openrouter). */
  | "details"
  /** `reasoning_content` on every assistant message while thinking is on (deepseek). */
  | "content-always"
  /** `reasoning_content` on assistant messages with tool calls, and elsewhere when known (kimi, glm, qwen, vllm, llamacpp). */
  | "content-with-tools"
  /** `reasoning_details` as received, text only when nothing else is known (minimax). */
  | "minimax"
  /** `extra_content.google.thought_signature` on the call that had it (gemini). */
  | "gemini"
  /** `reasoning` on the assistant messages of the running tool loop (ollama). */
  | "reasoning-in-loop"
  /** `reasoning_opaque` as received, with `reasoning_text`, and nothing where none was (generic: GitHub Copilot). */
  | "opaque";

/** Whose opaque reasoning this is; an envelope is opened only for the same family (rule 6.1). */
export type EnvelopeFamily =
  | "or-anthropic"
  | "or-openai"
  | "or-google"
  | "or-xai"
  | "or-other"
  | "gemini"
  | "minimax"
  | "text";

/** The form of tool call ids on the upstream's wire. */
export type ToolIdForm = "any" | "max40" | "strict9" | "kimi";

/**
 * What one upstream with one model does differently from the rest, as data. Made by `selectProfile` from the
 * family's table and the rules for the model; the translation reads this object and nothing else about the
 * upstream. Rule numbers are those of docs/mapping.md.
 */
export interface Profile {
  readonly id: ProfileId;
  /** What error messages call the upstream. */
  readonly displayName: string;

  // The request
  readonly outputLimitField: "max_tokens" | "max_completion_tokens";
  /** Tokens; the largest output this model is known to allow, or null. 10.5 */
  readonly outputCeiling: number | null;
  /** Whether `stream_options: {include_usage: true}` is sent. */
  readonly asksForUsage: boolean;
  /** glm 4.6 and later: a streamed request with tools sends `tool_stream: true`, or calls come in one piece. */
  readonly asksForToolStream: boolean;
  readonly reasoningRequest: ReasoningRequest;
  readonly temperature: "pass" | "drop" | "positive" | "drop-with-effort";
  readonly topP: "pass" | "drop" | "drop-with-temperature";
  readonly topK: boolean;
  /** How many stop sequences the upstream takes; the rest is watched for by us (1.5). */
  readonly maxStopSequences: number;
  readonly structuredOutput: "json_schema" | "json_object" | "json_schema-without-tools" | "prompt";
  /** Top-level request keys passed as they are (CLAUDE_CODE_EXTRA_BODY). */
  readonly passedKeys: readonly string[];
  readonly session: "session_id" | "prompt_cache_key" | "none";
  /** Sends `HTTP-Referer` and `X-Title`. */
  readonly sendsAttribution: boolean;
  /** `openrouter`: a server tool. `options`: `web_search_options`, for models that always search. */
  readonly webSearch: "openrouter" | "options" | "none";

  // Tools
  readonly maxTools: number | null;
  readonly schemaCleaning: "pass" | "gemini" | "kimi" | "openai" | "llamacpp";
  readonly strictTools: "when-valid" | "all-or-none" | "never";
  readonly toolNames: "any" | "no-leading-digit";
  readonly toolIds: ToolIdForm;
  readonly toolChoice: {
    /** What `any` becomes. */
    any: "required" | "any" | "omit";
    /** What a named tool becomes; `only-tool` sends just that tool, with `any`'s word where it has one. */
    tool: "object" | "only-tool";
    none: "none" | "omit";
    /** A forced choice while thinking is on: the choice wins and thinking goes off, or the choice is left out. */
    whileThinking: "keep" | "thinking-off" | "omit";
    /** The upstream reads the field over; worth a note. */
    isIgnored: boolean;
  };
  readonly parallelToolCalls: "when-disabled" | "always";
  /** Stub tools are added when the history has calls and the request has no tools. */
  readonly needsToolsForHistory: boolean;

  // Messages
  readonly systemInConversation: "keep" | "fold";
  /** "(continue)" by the user goes before a conversation that starts with the assistant. */
  readonly needsUserFirst: boolean;
  readonly cacheMarks: "keep" | "message-parts" | "strip";
  /** With `string` a text that bears a cache mark is a part all the same (qwen). */
  readonly toolMessageContent: "parts" | "string";
  readonly contentOfToolCallMessage: null | "";
  readonly images: "url" | "base64" | "base64-jpeg-png-webp" | "none";
  readonly pdf: "file" | "file-or-url" | "document_url" | "none";
  /** A user message may not follow a tool message: `OK.` by the assistant goes between (mistral). */
  readonly assistantBetweenToolAndUser: boolean;
  readonly prefill: "as-is" | "prefix" | "effort-none";

  // Reasoning
  readonly reasoningReturn: ReasoningReturn;
  /**
   * Stands in where the upstream demands reasoning and none is known; null where nothing is demanded. For gemini
   * the placeholder signature, for the others a reasoning text.
   */
  readonly unknownReasoning: string | null;
  readonly envelopeFamily: EnvelopeFamily;

  // The answer
  /** Leading `<think>` and the like are reasoning; `gemini` also knows `<thought>`. */
  readonly thinkTags: "auto" | "gemini" | "off";
  /**
   * A tag that closes reasoning which no tag opened ends it all the same (3.3): chat templates end prompts with the tag
   * that opens it. False where the server parses reasoning itself and leaves no tag of its own.
   */
  readonly loneThinkTag: boolean;
  /**
   * The tag with which the model's own chat template ends every prompt, where the server may leave its closing one in the
   * text: a stream is taken for reasoning up to that from the first one on. Null where it has to be learned.
   */
  readonly promptThinkTag: string | null;
  /** A reasoning text that starts with all text so far repeats it (minimax). */
  readonly reasoningSnapshots: boolean;
  /** A reasoning delta equal to the one before is a repetition (xai). */
  readonly repeatsReasoning: boolean;
  /** Tool arguments are held until the call is complete, then repaired (3.5). */
  readonly buffersToolArguments: boolean;
  /** Tool calls written into the text are taken for calls wherever they begin, and in a fence of JSON, too (3.3). */
  readonly rescuesTextToolCalls: boolean;
  /** An empty answer may mean that the prompt was too long (lmstudio, 4.8). */
  readonly emptyAnswerMayBeOverflow: boolean;
}
