import type { ModelFacts } from "../../config/file-config.ts";
import type { UpstreamSettings } from "../../config/upstream-settings.ts";
import { anyModel } from "../../knowledge/facts.ts";
import { fetchFacts } from "../../knowledge/fetch-facts.ts";
import { formatPrice } from "../../launch/format-facts.ts";
import { formatTokens } from "../../logging/format-tokens.ts";
import type { InitFlags } from "./init-flags.ts";
import type { Prompts } from "./prompts.ts";

export interface ChosenModels {
  readonly big: string;
  readonly medium: string | null;
  readonly small: string;
  /** Those of the chosen ones that the upstream's list has not. */
  readonly unlisted: readonly string[];
}

const listMs = 20_000;

/** The models for Claude Code's tiers, by the flags or from the upstream's own list. */
export async function chooseModels(
  upstream: UpstreamSettings,
  flags: InitFlags,
  prompts: Prompts | null,
): Promise<ChosenModels> {
  const list = await listModels(upstream);
  const ask = (message: string) =>
    prompts === null ? Promise.resolve("") : askModel(message, list, prompts);
  const big = flags.bigModel ?? (await ask("Model for most of the work (opus, sonnet)"));
  const small = flags.smallModel ?? (prompts === null ? big : await ask("Small, quick model (haiku)"));
  const medium = flags.mediumModel ?? null;
  const chosen = [big, medium, small].filter((model) => model !== null);
  const isListed = (model: string) => list.has(model) || list.has(`${model}:latest`);
  return {
    big,
    medium,
    small,
    unlisted: list.size === 0 ? [] : [...new Set(chosen.filter((one) => !isListed(one)))],
  };
}

/** What the upstream says of its models; empty if it says nothing. Never rejects. */
export async function listModels(upstream: UpstreamSettings): Promise<ReadonlyMap<string, ModelFacts>> {
  const signal = AbortSignal.timeout(listMs);
  const facts = await fetchFacts(upstream, { wanted: [], signal });
  if (facts !== null && !facts.has(anyModel)) return facts;
  // A server of one model says what it can, but not what the model is called.
  const named = await fetchFacts({ ...upstream, profile: "vllm" }, { wanted: [], signal });
  const ofAll = facts?.get(anyModel);
  if (named === null || ofAll === undefined) return named ?? new Map();
  return new Map([...named.keys()].map((id) => [id, ofAll]));
}

async function askModel(
  message: string,
  list: ReadonlyMap<string, ModelFacts>,
  prompts: Prompts,
): Promise<string> {
  const findFault = (text: string) =>
    text === "" ? "Type the model's id, as the upstream knows it" : undefined;
  if (list.size === 0) return prompts.askText(`${message}: its id. The upstream tells no list`, findFault);
  const other = " other";
  const answer = await prompts.search(message, [
    ...[...list].map(([id, facts]) => ({ value: id, label: id, ...hintOf(facts) })),
    { value: other, label: "another one, by its id" },
  ]);
  return answer === other ? prompts.askText(`${message}: its id`, findFault) : answer;
}

function hintOf({ window, price, images, tools }: ModelFacts): { hint?: string } {
  const parts = [
    window === null ? null : `${formatTokens(window)} tokens`,
    price === null ? null : `$${formatPrice(price.input)} in, $${formatPrice(price.output)} out a million`,
    images === true ? "images" : null,
    tools === false ? "no tools: unfit for Claude Code" : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? {} : { hint: parts.join(" · ") };
}
