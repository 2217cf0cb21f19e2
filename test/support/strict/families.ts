import type { ProfileId } from "../../../src/profiles/profile-ids.ts";

/**
 * What the servers of a family accept, written from the vendors' references and from the texts of their
 * refusals, and not from our profiles: it has to find their faults.
 */
export interface FamilyRules {
  /** Top-level keys beyond those every server takes. */
  keys: readonly string[];
  /** Keys of an assistant message beyond `role content tool_calls`. */
  assistantKeys?: readonly string[];
  /** `developer` is a role. */
  developer?: true;
  /** Several system messages, anywhere. */
  systemAnywhere?: true;
  /** `content` of a tool message may be: parts, text parts only, or a string only. */
  toolParts?: "any" | "text";
  /** Content parts of an assistant message are lost without an error. */
  losesAssistantParts?: true;
  /** `content: null` is refused even beside tool calls. */
  refusesNull?: true;
  /** The form of tool call ids. */
  toolIds?: RegExp;
  /** A user message right after a tool message is refused. */
  refusesUserAfterTool?: true;
  /** Image URLs that are no `data:` URL are refused. */
  dataImagesOnly?: true;
  /** Marks for the prompt cache: on anything, or on message parts only and without `ttl`. */
  cacheMarks?: "anywhere" | "parts";
  /** Forms of `tool_choice`; without it all of OpenAI's. */
  toolChoice?: { words: readonly string[]; named: boolean };
  /** A forced choice is refused while the model thinks. */
  refusesForcedChoiceWithThinking?: true;
  maxTools?: number;
  maxStop?: number;
  /** `strict` is not known on functions. */
  refusesStrict?: true;
  /** `response_format: json_schema` is not known. */
  jsonObjectOnly?: true;
  /** `response_format` is refused beside tools. */
  refusesFormatWithTools?: true;
  /** Function names may not start with a digit. */
  refusesLeadingDigit?: true;
  minTemperature?: number;
  maxTemperature?: number;
  /** `reasoning_content` is demanded: on every assistant message while thinking, or on those with calls. */
  demandsReasoning?: "always" | "with-calls";
  /** The words `reasoning_effort` takes; any where there is no list. */
  reasoningEfforts?: readonly string[];
}

const openaiKeys = [
  "max_completion_tokens",
  "max_tokens",
  "reasoning_effort",
  "prompt_cache_key",
  "safety_identifier",
  "service_tier",
  "metadata",
  "store",
  "verbosity",
  "logit_bias",
  "prediction",
  "modalities",
  "web_search_options",
];
const localKeys = ["max_tokens", "top_k", "reasoning_effort"];

export const familyRules: Readonly<Record<ProfileId, FamilyRules>> = {
  openai: {
    keys: openaiKeys,
    developer: true,
    systemAnywhere: true,
    toolParts: "text",
    toolIds: /^.{1,40}$/,
    maxTools: 128,
    reasoningEfforts: ["none", "minimal", "low", "medium", "high", "xhigh", "max"],
  },
  openrouter: {
    keys: [
      ...openaiKeys,
      "reasoning",
      "session_id",
      "provider",
      "models",
      "plugins",
      "transforms",
      "route",
      "usage",
      "top_k",
      "min_p",
      "top_a",
      "repetition_penalty",
      "cache_control",
    ],
    assistantKeys: ["reasoning", "reasoning_details", "reasoning_content"],
    developer: true,
    systemAnywhere: true,
    toolParts: "any",
    cacheMarks: "anywhere",
  },
  deepseek: {
    keys: ["max_tokens", "thinking", "reasoning_effort"],
    assistantKeys: ["reasoning_content", "prefix"],
    refusesForcedChoiceWithThinking: true,
    jsonObjectOnly: true,
    demandsReasoning: "always",
    reasoningEfforts: ["low", "medium", "high", "xhigh", "max"],
  },
  kimi: {
    keys: ["max_tokens", "max_completion_tokens", "thinking", "reasoning_effort", "prompt_cache_key"],
    assistantKeys: ["reasoning_content", "partial"],
    dataImagesOnly: true,
    refusesForcedChoiceWithThinking: true,
    refusesLeadingDigit: true,
    demandsReasoning: "with-calls",
    reasoningEfforts: ["low", "high", "max"],
  },
  glm: {
    keys: ["max_tokens", "thinking", "reasoning_effort", "tool_stream", "do_sample", "request_id"],
    assistantKeys: ["reasoning_content"],
    refusesNull: true,
    losesAssistantParts: true,
    toolChoice: { words: ["auto"], named: false },
    maxTools: 128,
    maxStop: 1,
    refusesStrict: true,
    jsonObjectOnly: true,
    maxTemperature: 1,
    reasoningEfforts: ["none", "low", "high", "max"],
  },
  qwen: {
    keys: ["max_tokens", "enable_thinking", "thinking_budget", "preserve_thinking", "top_k"],
    assistantKeys: ["reasoning_content"],
    toolParts: "text",
    cacheMarks: "parts",
    refusesForcedChoiceWithThinking: true,
  },
  minimax: {
    keys: ["max_tokens", "max_completion_tokens", "reasoning_split", "thinking"],
    assistantKeys: ["reasoning_details"],
    refusesStrict: true,
    minTemperature: 0.01,
    maxTemperature: 1,
  },
  gemini: {
    keys: ["max_tokens", "max_completion_tokens", "reasoning_effort", "extra_body"],
    assistantKeys: ["extra_content"],
    reasoningEfforts: ["none", "minimal", "low", "medium", "high"],
  },
  mistral: {
    keys: ["max_tokens", "reasoning_effort", "random_seed", "prompt_mode", "safe_prompt", "prompt_cache_key"],
    assistantKeys: ["prefix"],
    toolParts: "any",
    toolIds: /^[a-zA-Z0-9]{9}$/,
    refusesUserAfterTool: true,
    toolChoice: { words: ["auto", "none", "any", "required"], named: true },
    reasoningEfforts: ["none", "low", "medium", "high"],
  },
  groq: {
    keys: [
      "max_tokens",
      "max_completion_tokens",
      "reasoning_effort",
      "reasoning_format",
      "include_reasoning",
      "service_tier",
      "disable_tool_validation",
    ],
    assistantKeys: ["reasoning"],
    maxTools: 128,
    refusesFormatWithTools: true,
    reasoningEfforts: ["none", "default", "low", "medium", "high"],
  },
  xai: {
    keys: ["max_tokens", "max_completion_tokens", "reasoning_effort"],
    maxTools: 128,
    maxStop: 0,
    refusesStrict: true,
    reasoningEfforts: ["none", "low", "medium", "high", "xhigh"],
  },
  ollama: {
    keys: localKeys,
    assistantKeys: ["reasoning"],
    losesAssistantParts: true,
    dataImagesOnly: true,
    refusesStrict: true,
    reasoningEfforts: ["none", "minimal", "low", "medium", "high", "xhigh", "ultra", "max"],
  },
  llamacpp: {
    keys: [...localKeys, "chat_template_kwargs", "reasoning_format"],
    assistantKeys: ["reasoning_content"],
    toolChoice: { words: ["auto", "none", "required"], named: false },
  },
  lmstudio: {
    keys: localKeys,
    refusesNull: true,
    toolChoice: { words: ["auto", "none", "required"], named: false },
  },
  vllm: {
    keys: [...localKeys, "max_completion_tokens", "chat_template_kwargs", "thinking_token_budget"],
    assistantKeys: ["reasoning", "reasoning_content"],
  },
  // GitHub Copilot, of what it has sent itself.
  generic: { keys: ["max_tokens"], assistantKeys: ["reasoning_text", "reasoning_opaque"] },
};
