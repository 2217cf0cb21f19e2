import { type ProfileId, profileAliases, profileIds } from "../../profiles/profile-ids.ts";

/** Where a family's servers lie when nobody says otherwise, without the path of a wire. */
interface FamilyUrls {
  readonly url: string;
  /** Where it serves Anthropic's API, if that is elsewhere. */
  readonly anthropic?: string;
}

/** Servers on the user's own machine serve all wires at one address. Null for a family that is no company's. */
const urls: Readonly<Record<ProfileId, FamilyUrls | null>> = {
  openrouter: { url: "https://openrouter.ai/api/v1" },
  openai: { url: "https://api.openai.com/v1" },
  deepseek: { url: "https://api.deepseek.com/v1", anthropic: "https://api.deepseek.com/anthropic/v1" },
  kimi: { url: "https://api.moonshot.ai/v1", anthropic: "https://api.moonshot.ai/anthropic/v1" },
  glm: { url: "https://api.z.ai/api/paas/v4", anthropic: "https://api.z.ai/api/anthropic/v1" },
  qwen: {
    url: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    anthropic: "https://dashscope.aliyuncs.com/apps/anthropic/v1",
  },
  minimax: { url: "https://api.minimax.io/v1", anthropic: "https://api.minimax.io/anthropic/v1" },
  gemini: { url: "https://generativelanguage.googleapis.com/v1beta/openai" },
  mistral: { url: "https://api.mistral.ai/v1" },
  groq: { url: "https://api.groq.com/openai/v1" },
  xai: { url: "https://api.x.ai/v1" },
  ollama: { url: "http://localhost:11434/v1" },
  llamacpp: { url: "http://localhost:8080/v1" },
  lmstudio: { url: "http://localhost:1234/v1" },
  vllm: { url: "http://localhost:8000/v1" },
  generic: null,
};

/** Names that are no family's, or differ from theirs. */
const otherUrls: ReadonlyMap<string, FamilyUrls> = new Map([
  ["anthropic", { url: "https://api.anthropic.com/v1" }],
  ["sglang", { url: "http://localhost:30000/v1" }],
]);

/** The names for which no `url` is needed. */
export const familyNames: readonly string[] = [
  ...profileIds.filter((id) => urls[id] !== null),
  ...otherUrls.keys(),
];

/** The family that a name stands for, if it is one or its other name. */
export function findFamily(name: string): ProfileId | null {
  return profileIds.find((id) => id === name) ?? profileAliases.get(name) ?? null;
}

/**
 * The usual base URL of a family.
 * @param name a family's id or another name for one
 * @param isAnthropic whether it is asked on Anthropic's wire
 * @returns null if it has none
 */
export function findFamilyUrl(name: string, isAnthropic: boolean): string | null {
  const known = otherUrls.get(name) ?? urls[findFamily(name) ?? "generic"];
  if (known === null) return null;
  return isAnthropic ? (known.anthropic ?? known.url) : known.url;
}
