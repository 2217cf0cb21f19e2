/** A company or a program that has models, as the list of `init` shows it. */
export interface UpstreamOffer {
  /** The name by which our files know it. */
  readonly name: string;
  readonly label: string;
  /** The variables in which people keep its key; none where no key is needed. */
  readonly variables: readonly string[];
  /** Where a person gets a key, or the program. */
  readonly page: string;
}

/** In the order of the list. */
export const upstreamOffers: readonly UpstreamOffer[] = [
  {
    name: "openrouter",
    label: "OpenRouter",
    variables: ["OPENROUTER_API_KEY"],
    page: "https://openrouter.ai/settings/keys",
  },
  {
    name: "openai",
    label: "OpenAI",
    variables: ["OPENAI_API_KEY"],
    page: "https://platform.openai.com/api-keys",
  },
  {
    name: "anthropic",
    label: "Anthropic",
    variables: ["ANTHROPIC_API_KEY"],
    page: "https://console.anthropic.com/settings/keys",
  },
  {
    name: "deepseek",
    label: "DeepSeek",
    variables: ["DEEPSEEK_API_KEY"],
    page: "https://platform.deepseek.com/api_keys",
  },
  {
    name: "kimi",
    label: "Kimi (Moonshot AI)",
    variables: ["MOONSHOT_API_KEY", "KIMI_API_KEY"],
    page: "https://platform.moonshot.ai/console/api-keys",
  },
  {
    name: "glm",
    label: "GLM (Z.ai)",
    variables: ["ZAI_API_KEY", "GLM_API_KEY", "ZHIPUAI_API_KEY"],
    page: "https://z.ai/manage-apikey/apikey-list",
  },
  {
    name: "qwen",
    label: "Qwen (Alibaba Cloud)",
    variables: ["DASHSCOPE_API_KEY"],
    page: "https://bailian.console.alibabacloud.com",
  },
  { name: "minimax", label: "MiniMax", variables: ["MINIMAX_API_KEY"], page: "https://platform.minimax.io" },
  {
    name: "gemini",
    label: "Google Gemini",
    variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    page: "https://aistudio.google.com/apikey",
  },
  {
    name: "mistral",
    label: "Mistral",
    variables: ["MISTRAL_API_KEY"],
    page: "https://console.mistral.ai/api-keys",
  },
  { name: "groq", label: "Groq", variables: ["GROQ_API_KEY"], page: "https://console.groq.com/keys" },
  { name: "xai", label: "xAI", variables: ["XAI_API_KEY"], page: "https://console.x.ai" },
  { name: "ollama", label: "Ollama on this machine", variables: [], page: "https://ollama.com/download" },
  { name: "lmstudio", label: "LM Studio on this machine", variables: [], page: "https://lmstudio.ai" },
  {
    name: "llamacpp",
    label: "llama.cpp on this machine",
    variables: [],
    page: "https://github.com/ggml-org/llama.cpp",
  },
  { name: "vllm", label: "vLLM on this machine", variables: [], page: "https://docs.vllm.ai" },
];

/** The offer with this name; undefined if there is none. */
export function findOffer(name: string): UpstreamOffer | undefined {
  return upstreamOffers.find((offer) => offer.name === name);
}
