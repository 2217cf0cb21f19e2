/** Servers of the Responses API that differ in what they accept. */
export type ResponsesFamily =
  | "openai"
  | "azure"
  | "azure-project"
  | "xai"
  | "openrouter"
  | "ollama"
  | "lmstudio"
  | "vllm"
  | "llamacpp"
  | "deepseek"
  | "generic";

/**
 * What the servers of a family accept, written from the vendors' references and from the texts of their refusals, and
 * not from our profiles: it has to find their faults.
 */
export interface ResponsesRules {
  /** Top-level keys beyond those every server takes. */
  keys: readonly string[];
  /** Values of `include`. */
  includes: readonly string[];
  /** OpenAI's models and what each of them takes: levels, temperature, phases. */
  models?: "openai" | "xai";
  /** Every delta has padding unless that is declined. */
  obfuscates?: true;
  /** `reasoning.summary` means something. */
  summary?: true;
  /** `developer` is a role. */
  developer?: true;
  /** An assistant's content: parts with annotations, parts, a string alone, or either. */
  assistantText: "annotated-parts" | "parts" | "string" | "any";
  /** What the output of a call may hold besides text. */
  toolOutput: "text" | "images" | "files";
  /** Only these models see images; without it all may. */
  visionModels?: RegExp;
  /** Where files may stand: inside of the request too, at addresses alone, or nowhere. */
  files: "any" | "url" | "none";
  /**
   * How reasoning comes back: as a blob of its own, as text, as text in the place of the blob, or as whatever came.
   */
  reasoning: "blob" | "text" | "text-as-blob" | "any";
  /** Reasoning has the id it came with. */
  reasoningIds?: true;
  /** The text of its reasoning is wanted on each assistant turn while the model thinks. */
  demandsReasoning?: true;
  /** The calls of a turn stand together, and behind them their outputs. */
  callsAdjacent?: true;
  /** How its own search tool is written; without it there is none. */
  webSearch?: "openai" | "xai" | "bare";
  /** A named tool as a choice is refused. */
  refusesNamedChoice?: true;
  /** Models in the harmony format choose their tools themselves. */
  harmonyChoosesFreely?: true;
  maxTools?: number;
  /** A schema is refused for a combiner at its top. */
  refusesTopCombiners?: true;
  /** `strict: true` is known. */
  strict?: true;
  /** `text.format` is not read. */
  ignoresFormat?: true;
  /** One call at a time unless `parallel_tool_calls` says otherwise. */
  oneCallByDefault?: true;
}

const encrypted = "reasoning.encrypted_content";
const searchSources = "web_search_call.action.sources";

const openai: ResponsesRules = {
  keys: ["stream_options", "prompt_cache_key", "safety_identifier", "service_tier", "max_tool_calls"],
  includes: [encrypted, searchSources],
  models: "openai",
  obfuscates: true,
  summary: true,
  developer: true,
  assistantText: "parts",
  toolOutput: "files",
  files: "any",
  reasoning: "blob",
  webSearch: "openai",
  maxTools: 128,
  refusesTopCombiners: true,
  strict: true,
};

const local: ResponsesRules = {
  keys: [],
  includes: [],
  assistantText: "any",
  toolOutput: "text",
  files: "none",
  reasoning: "text",
};

export const responsesRules: Readonly<Record<ResponsesFamily, ResponsesRules>> = {
  openai,
  azure: openai,
  "azure-project": { ...openai, assistantText: "annotated-parts", reasoningIds: true },
  xai: {
    keys: ["prompt_cache_key", "max_tool_calls"],
    includes: [encrypted],
    models: "xai",
    summary: true,
    developer: true,
    assistantText: "parts",
    toolOutput: "images",
    files: "url",
    reasoning: "blob",
    webSearch: "xai",
    maxTools: 128,
  },
  openrouter: {
    keys: [
      "prompt_cache_key",
      "safety_identifier",
      "service_tier",
      "max_tool_calls",
      "session_id",
      "provider",
      "models",
      "plugins",
      "top_k",
    ],
    includes: [encrypted],
    summary: true,
    developer: true,
    assistantText: "parts",
    toolOutput: "text",
    files: "any",
    reasoning: "any",
    reasoningIds: true,
  },
  ollama: { ...local, assistantText: "string", reasoning: "text-as-blob" },
  lmstudio: { ...local, assistantText: "parts", refusesNamedChoice: true },
  vllm: {
    ...local,
    keys: ["top_k", "stop", "max_tool_calls"],
    assistantText: "string",
    harmonyChoosesFreely: true,
  },
  llamacpp: {
    ...local,
    keys: ["top_k", "stop"],
    refusesNamedChoice: true,
    ignoresFormat: true,
    oneCallByDefault: true,
  },
  deepseek: {
    ...local,
    assistantText: "parts",
    toolOutput: "images",
    visionModels: /flash/,
    webSearch: "bare",
    demandsReasoning: true,
    callsAdjacent: true,
  },
  generic: { ...local, reasoning: "any" },
};
