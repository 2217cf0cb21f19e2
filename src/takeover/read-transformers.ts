import { z } from "zod";
import type { ProtocolId } from "../profiles/protocol-id.ts";
import type { TakeoverBuilder } from "./takeover-builder.ts";

/** What the transformers of a provider mean here. */
export interface UsedTransformers {
  readonly protocol: ProtocolId | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Tokens, for all models; null if nothing is said. */
  readonly maxOutput: number | null;
  readonly maxOutputByModel: ReadonlyMap<string, number>;
  /** The transformer that signs in with the account of another program; null if none does. */
  readonly signIn: string | null;
}

/** What claude-proxy does by itself, for every upstream or by its family. */
const needless: ReadonlySet<string> = new Set([
  "deepseek",
  "gemini",
  "openrouter",
  "groq",
  "cerebras",
  "openai",
  "tooluse",
  "enhancetool",
  "reasoning",
  "cleancache",
  "streamoptions",
]);

/** They take the login of a program, which is not ours to use. */
const signIns: ReadonlySet<string> = new Set([
  "gemini-cli",
  "qwen-cli",
  "rovo-cli",
  "vertex-gemini",
  "vertex-claude",
  "vertex-openai",
]);

const entry = z.union([z.string(), z.tuple([z.string()], z.unknown())]);
const useSchema = z.looseObject({ use: z.array(entry).optional() });
const options = z.looseObject({});
const tokens = z.looseObject({ max_tokens: z.int().min(1) });
const attribution = z.looseObject({
  referer: z.string().optional(),
  title: z.string().optional(),
  provider: z.looseObject({}).optional(),
});

interface Use {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads `transformer` of a provider: its own `use`, and those of single models. Notes what is not carried over. */
export function readTransformers(
  provider: string,
  transformer: Readonly<Record<string, unknown>>,
  builder: TakeoverBuilder,
): UsedTransformers {
  const whole = readUses(transformer);
  const leave = (name: string, why: string) => builder.leave(`the transformer ${name} of ${provider}`, why);
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  let maxOutput: number | null = null;
  let protocol: ProtocolId | null = null;
  for (const { name, options: given } of whole) {
    const shared = attribution.safeParse(given).data;
    if (name.toLowerCase() === "openrouter" && shared !== undefined) {
      if (shared.referer !== undefined) headers["HTTP-Referer"] = shared.referer;
      if (shared.title !== undefined) headers["X-Title"] = shared.title;
      if (shared.provider !== undefined) body["provider"] = shared.provider;
    } else if (name === "maxtoken") maxOutput = tokens.safeParse(given).data?.max_tokens ?? null;
    else if (name === "customparams") Object.assign(body, given);
    else if (name === "Anthropic") protocol = whole.length === 1 ? "anthropic" : null;
    else if (name === "openai-responses" || name === "openai-response") protocol = "responses";
    else if (!isKnown(name)) leave(name, "claude-proxy does not know it.");
  }
  const maxOutputByModel = new Map<string, number>();
  for (const [model, value] of Object.entries(transformer)) {
    if (model === "use") continue;
    for (const { name, options: given } of readUses(value)) {
      const most = tokens.safeParse(given).data?.max_tokens;
      if (name === "maxtoken" && most !== undefined) maxOutputByModel.set(model, most);
      else if (!isKnown(name) || Object.keys(given).length > 0) {
        leave(name, `it is for ${model} alone, and claude-proxy has no such rule for one model.`);
      }
    }
  }
  const signIn = whole.find(({ name }) => signIns.has(name))?.name ?? null;
  return { protocol, headers, body, maxOutput, maxOutputByModel, signIn };
}

function isKnown(name: string): boolean {
  return needless.has(name.toLowerCase()) || signIns.has(name);
}

function readUses(value: unknown): Use[] {
  const { use = [] } = useSchema.safeParse(value).data ?? {};
  return use.map((one) => {
    if (typeof one === "string") return { name: one, options: {} };
    const [name, given] = one;
    return { name, options: options.safeParse(given).data ?? {} };
  });
}
