import type { ProtocolId } from "../profiles/protocol-id.ts";

/** A provider of LiteLLM that claude-proxy can ask too. */
export interface LitellmProvider {
  /** The name of the upstream: that of a family where there is one. */
  readonly name: string;
  /** Its usual address; null for that of the family, or where the file has to give one. */
  readonly url: string | null;
  readonly protocol: ProtocolId | null;
  /** The variable that LiteLLM reads when the file names no key. */
  readonly keyVariable: string | null;
}

const provider = (
  name: string,
  keyVariable: string | null,
  url: string | null = null,
  protocol: ProtocolId | null = null,
): LitellmProvider => ({ name, url, protocol, keyVariable });

const providers: ReadonlyMap<string, LitellmProvider> = new Map([
  ["openai", provider("openai", "OPENAI_API_KEY")],
  ["openrouter", provider("openrouter", "OPENROUTER_API_KEY")],
  ["anthropic", provider("anthropic", "ANTHROPIC_API_KEY", null, "anthropic")],
  ["deepseek", provider("deepseek", "DEEPSEEK_API_KEY")],
  ["gemini", provider("gemini", "GEMINI_API_KEY")],
  ["mistral", provider("mistral", "MISTRAL_API_KEY")],
  ["groq", provider("groq", "GROQ_API_KEY")],
  ["xai", provider("xai", "XAI_API_KEY")],
  ["moonshot", provider("kimi", "MOONSHOT_API_KEY")],
  [
    "dashscope",
    provider("qwen", "DASHSCOPE_API_KEY", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
  ],
  ["zai", provider("glm", "ZAI_API_KEY")],
  ["minimax", provider("minimax", "MINIMAX_API_KEY")],
  ["together_ai", provider("together", "TOGETHERAI_API_KEY", "https://api.together.xyz/v1")],
  ["fireworks_ai", provider("fireworks", "FIREWORKS_API_KEY", "https://api.fireworks.ai/inference/v1")],
  ["cerebras", provider("cerebras", "CEREBRAS_API_KEY", "https://api.cerebras.ai/v1")],
  ["nvidia_nim", provider("nvidia", "NVIDIA_NIM_API_KEY", "https://integrate.api.nvidia.com/v1")],
  ["perplexity", provider("perplexity", "PERPLEXITYAI_API_KEY", "https://api.perplexity.ai")],
  ["ollama", provider("ollama", null)],
  ["ollama_chat", provider("ollama", null)],
  ["lm_studio", provider("lmstudio", null)],
  ["hosted_vllm", provider("vllm", null)],
  ["llamafile", provider("llamafile", null)],
  ["litellm_proxy", provider("litellm", null)],
  ["custom_openai", provider("custom", null)],
  ["azure", provider("azure", "AZURE_API_KEY")],
  ["azure_ai", provider("azure", "AZURE_AI_API_KEY")],
]);

/** What LiteLLM takes a name without a provider for. */
const bareNames: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt-|o\d|chatgpt-|codex)/, "openai"],
  [/^claude-/, "anthropic"],
];

/** The provider of a `model`, and the id that the provider knows; null if claude-proxy cannot ask it. */
export function findLitellmProvider(
  model: string,
  hasAddress: boolean,
): { readonly provider: LitellmProvider; readonly id: string } | null {
  const slash = model.indexOf("/");
  const named = slash === -1 ? undefined : providers.get(model.slice(0, slash));
  if (named !== undefined) return { provider: named, id: model.slice(slash + 1) };
  if (slash !== -1) return null;
  const bare = bareNames.find(([pattern]) => pattern.test(model))?.[1] ?? (hasAddress ? "openai" : "");
  const found = providers.get(bare);
  return found === undefined ? null : { provider: found, id: model };
}
