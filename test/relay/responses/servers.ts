import type { ProfileId } from "../../../src/profiles/profile-ids.ts";
import type { OutputPart } from "../../support/responses/response-answer.ts";
import type { ResponsesFamily } from "../../support/responses/strict/responses-families.ts";

/** A server of the Responses API, and how the proxy is told what it is. */
export interface Server {
  family: ResponsesFamily;
  profile: ProfileId;
  modelName: string;
  /** Default `/v1`. Addresses of Azure have their host in the path, because requests stay on this machine. */
  basePath?: string;
  /** How it shows reasoning: a summary and a blob that it makes itself, the same made here, text, text twice. */
  thinks: "sealed" | "blob" | "text" | "text-as-blob";
  /** It can search. */
  searches?: true;
}

const openai = { family: "openai", profile: "openai", thinks: "sealed", searches: true } as const;
const azure = { ...openai, family: "azure", basePath: "/me.openai.azure.com/openai/v1" } as const;
const xai = { ...openai, family: "xai", profile: "xai" } as const;
const openrouter = { family: "openrouter", profile: "openrouter", thinks: "blob" } as const;
const deepseek = { family: "deepseek", profile: "deepseek", thinks: "text", searches: true } as const;

/** Every family, with models that have ways of their own. */
export const servers: readonly Server[] = [
  { ...openai, modelName: "gpt-5.6-sol" },
  { ...openai, modelName: "gpt-6-astra" },
  { ...openai, modelName: "gpt-5.4-mini" },
  { ...openai, modelName: "gpt-5.3-codex" },
  { ...openai, modelName: "gpt-5.1" },
  { ...openai, modelName: "gpt-5" },
  { ...openai, modelName: "gpt-5-codex" },
  { ...openai, modelName: "o4-mini" },
  { ...openai, modelName: "gpt-4.1" },
  { ...azure, modelName: "gpt-5.4" },
  { ...azure, modelName: "gpt-6", basePath: "/me.cognitiveservices.azure.com/openai" },
  {
    ...azure,
    family: "azure-project",
    modelName: "gpt-5.6",
    basePath: "/me.services.ai.azure.com/openai/v1",
  },
  { ...xai, modelName: "grok-4.7" },
  { ...xai, modelName: "grok-4.5" },
  { ...xai, modelName: "grok-4.3" },
  { ...xai, modelName: "grok-4-1-fast" },
  { ...openrouter, modelName: "openai/gpt-5.6" },
  { ...openrouter, modelName: "anthropic/claude-sonnet-5" },
  { ...openrouter, modelName: "deepseek/deepseek-v4-pro" },
  { family: "ollama", profile: "ollama", modelName: "gpt-oss:20b", thinks: "text-as-blob" },
  { family: "lmstudio", profile: "lmstudio", modelName: "qwen3.5", thinks: "text" },
  { family: "vllm", profile: "vllm", modelName: "Qwen/Qwen3.5-27B", thinks: "text" },
  { family: "vllm", profile: "vllm", modelName: "openai/gpt-oss-120b", thinks: "text" },
  { family: "llamacpp", profile: "llamacpp", modelName: "qwen3.5", thinks: "text" },
  { ...deepseek, modelName: "deepseek-v4-pro" },
  { ...deepseek, modelName: "deepseek-v4-flash" },
  { family: "generic", profile: "generic", modelName: "m", thinks: "text" },
  { family: "generic", profile: "generic", modelName: "m", thinks: "blob" },
];

/** An output in which reasoning has the form that the server gives it. */
export function thinkAs({ thinks }: Server, output: readonly OutputPart[]): OutputPart[] {
  return output.map((part) => {
    const [text = ""] = (part.kind === "reasoning" ? part.summary : undefined) ?? [];
    if (part.kind !== "reasoning" || thinks === "sealed") return part;
    if (thinks === "text") return { kind: "reasoning", text };
    return { ...part, encrypted: thinks === "blob" ? `blob of ${text}` : text };
  });
}
