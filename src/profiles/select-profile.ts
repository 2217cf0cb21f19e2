import { deepseekFamily } from "./deepseek.ts";
import { geminiFamily } from "./gemini.ts";
import { genericFamily, genericProfile } from "./generic.ts";
import { glmFamily } from "./glm.ts";
import { groqFamily } from "./groq.ts";
import { kimiFamily } from "./kimi.ts";
import { llamacppFamily, lmstudioFamily, ollamaFamily, vllmFamily } from "./local-servers.ts";
import { minimaxFamily } from "./minimax.ts";
import { mistralFamily } from "./mistral.ts";
import { openaiFamily } from "./openai.ts";
import { openrouterFamily } from "./openrouter.ts";
import type { Profile, ProfileId } from "./profile.ts";
import type { ProfileFamily, ProfileOverrides } from "./profile-family.ts";
import { qwenFamily } from "./qwen.ts";
import { textOnlyModels } from "./text-only-models.ts";
import { xaiFamily } from "./xai.ts";

const families: Readonly<Record<ProfileId, ProfileFamily>> = {
  openrouter: openrouterFamily,
  openai: openaiFamily,
  deepseek: deepseekFamily,
  kimi: kimiFamily,
  glm: glmFamily,
  qwen: qwenFamily,
  minimax: minimaxFamily,
  gemini: geminiFamily,
  mistral: mistralFamily,
  groq: groqFamily,
  xai: xaiFamily,
  ollama: ollamaFamily,
  llamacpp: llamacppFamily,
  lmstudio: lmstudioFamily,
  vllm: vllmFamily,
  generic: genericFamily,
};

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The profile of `model` at `baseUrl`: the family that `setting` names, or with `auto` the one whose host it is,
 * and over it what is known of the model. Hosts are tested here and nowhere else (rule 0.13).
 */
export function selectProfile(choice: {
  setting: ProfileId | "auto";
  baseUrl: string;
  /** The id the upstream is asked for. */
  model: string;
}): Profile {
  const url = new URL(choice.baseUrl);
  const family = choice.setting === "auto" ? findFamily(url) : families[choice.setting];
  const isUnknownLocal = choice.setting === "auto" && family === genericFamily && isLoopback(url);
  const model = choice.model.toLowerCase();
  const layers = [family.overrides];
  for (const rule of family.modelRules ?? []) if (rule.models.test(model)) layers.push(rule.overrides);
  if (family.betaOverrides !== undefined && url.pathname.endsWith("/beta")) layers.push(family.betaOverrides);
  // llama.cpp and LM Studio take a tool's name for "any", or refuse it. What it is shows in its first answer.
  if (isUnknownLocal) layers.push({ toolChoice: { tool: "only-tool" } });
  if (isTextOnly(model)) layers.push({ images: "none" });
  return layers.reduce(layOver, { ...genericProfile, id: family.id, displayName: family.displayName });
}

function findFamily(url: URL): ProfileFamily {
  const claims = (family: ProfileFamily): boolean =>
    isLoopback(url)
      ? String(family.loopbackPort) === url.port
      : family.hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  return Object.values(families).find(claims) ?? genericFamily;
}

function isLoopback(url: URL): boolean {
  return loopbackHosts.includes(url.hostname);
}

function isTextOnly(model: string): boolean {
  const name = model.slice(model.lastIndexOf("/") + 1);
  return textOnlyModels.some((pattern) => pattern.test(name));
}

function layOver(profile: Profile, overrides: ProfileOverrides): Profile {
  return {
    ...profile,
    ...overrides,
    reasoningRequest: { ...profile.reasoningRequest, ...overrides.reasoningRequest },
    toolChoice: { ...profile.toolChoice, ...overrides.toolChoice },
  };
}
