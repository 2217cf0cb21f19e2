import type { Effort } from "./effort.ts";
import type { ToolIdForm } from "./tool-id-form.ts";

/** How an upstream speaks Chat Completions, grouped by what it speaks of. */
export interface ChatDialect {
  readonly request: ChatRequestDialect;
  readonly tools: ChatToolDialect;
  readonly toolChoice: ChatToolChoiceDialect;
  readonly messages: ChatMessageDialect;
  readonly reasoning: ChatReasoningDialect;
}

export interface ChatRequestDialect {
  readonly outputLimitField: "max_tokens" | "max_completion_tokens";
  /** Whether `stream_options: {include_usage: true}` is sent. */
  readonly asksForUsage: boolean;
  /** glm 4.6 and later: a streamed request with tools sends `tool_stream: true`, or calls come in one piece. */
  readonly asksForToolStream: boolean;
  readonly temperature: "pass" | "drop" | "positive" | "drop-with-effort";
  readonly topP: "pass" | "drop" | "drop-with-temperature";
  readonly topK: boolean;
  /** How many stop sequences the upstream takes; the rest is watched for by us (1.5). */
  readonly maxStopSequences: number;
  readonly structuredOutput: "json_schema" | "json_object" | "json_schema-without-tools" | "prompt";
  /** Top-level request keys passed as they are (CLAUDE_CODE_EXTRA_BODY). */
  readonly passedKeys: readonly string[];
}

export interface ChatToolDialect {
  readonly strict: "when-valid" | "all-or-none" | "never";
  readonly ids: ToolIdForm;
  /** When `parallel_tool_calls` is sent. */
  readonly parallelCalls: "when-disabled" | "always";
}

export interface ChatToolChoiceDialect {
  /** What `any` becomes. */
  readonly any: "required" | "any" | "omit";
  /** What a named tool becomes; `only-tool` sends just that tool, with `any`'s word where it has one. */
  readonly tool: "object" | "only-tool";
  readonly none: "none" | "omit";
  /** A forced choice while thinking is on: the choice wins and thinking goes off, or the choice is left out. */
  readonly whileThinking: "keep" | "thinking-off" | "omit";
  /** The upstream reads the field over; worth a note. */
  readonly isIgnored: boolean;
}

export interface ChatMessageDialect {
  readonly cacheMarks: "keep" | "message-parts" | "strip";
  /** With `string` a text that bears a cache mark is a part all the same (qwen). */
  readonly toolMessageContent: "parts" | "string";
  readonly contentOfToolCallMessage: null | "";
  /** A user message may not follow a tool message: `OK.` by the assistant goes between (mistral). */
  readonly assistantBetweenToolAndUser: boolean;
  readonly prefill: "as-is" | "prefix" | "effort-none";
}

/** How the wish to think is written into the chat request (rule 1.2), and where reasoning goes on its way back (6.2). */
export interface ChatReasoningDialect {
  readonly form: /** No reasoning field exists. */
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
  /** What is sent for each wish: a string is sent as it is, null sends no level. */
  readonly levels: Readonly<Record<"off" | Effort, string | null>>;
  /** False for models that think whatever is asked. */
  readonly canBeOff: boolean;
  /** Members added to the `thinking` object or beside `enable_thinking`, e.g. `{clear_thinking: false}`. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** openrouter: this model takes a budget (`max_tokens`) rather than an effort. */
  readonly takesBudget: boolean;
  /** True when a request that says nothing about thinking gets it anyway. */
  readonly onByDefault: boolean;
  /** R0.1: with tools this level is sent whatever was asked, e.g. `"none"` for gpt-5.4 and later. */
  readonly levelWithTools: string | null;
  /** Where reasoning goes when a conversation is sent back (rule 6.2). */
  readonly returnedAs: /** Nowhere. */
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
  /**
   * Stands in where the upstream demands reasoning and none is known; null where nothing is demanded. For gemini the
   * placeholder signature, for the others a reasoning text.
   */
  readonly unknownAs: string | null;
}
