import { deepseekFamily } from "./deepseek.ts";
import { geminiFamily } from "./gemini.ts";
import { genericFamily } from "./generic.ts";
import { glmFamily } from "./glm.ts";
import { groqFamily } from "./groq.ts";
import { kimiFamily } from "./kimi.ts";
import { llamacppFamily } from "./llamacpp.ts";
import { lmstudioFamily } from "./lmstudio.ts";
import { minimaxFamily } from "./minimax.ts";
import { mistralFamily } from "./mistral.ts";
import { ollamaFamily } from "./ollama.ts";
import { openaiFamily } from "./openai.ts";
import { openrouterFamily } from "./openrouter.ts";
import type { ProfileFamily } from "./profile-family.ts";
import type { ProfileId } from "./profile-ids.ts";
import { qwenFamily } from "./qwen.ts";
import { vllmFamily } from "./vllm.ts";
import { xaiFamily } from "./xai.ts";

/** Every family, each written in a file of its id. */
export const families: Readonly<Record<ProfileId, ProfileFamily>> = {
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
