import { z } from "zod";
import type { TakeoverBuilder } from "./takeover-builder.ts";

const usd = z.coerce.number().min(0).optional().catch(undefined);
const tokens = z.int().min(1).optional().catch(undefined);
const answer = z.boolean().optional().catch(undefined);

const infoSchema = z.looseObject({
  input_cost_per_token: usd,
  output_cost_per_token: usd,
  cache_read_input_token_cost: usd,
  cache_creation_input_token_cost: usd,
  max_input_tokens: tokens,
  max_output_tokens: tokens,
  supports_vision: answer,
  supports_pdf_input: answer,
  supports_function_calling: answer,
  supports_reasoning: answer,
  base_model: z.string().optional().catch(undefined),
});

/** The facts of `model_info` as an entry of our `models`. */
export function readLitellmFacts(info: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const facts = infoSchema.parse(info);
  const { input_cost_per_token: input, output_cost_per_token: output } = facts;
  const cacheRead = inMillions(facts.cache_read_input_token_cost);
  const cacheWrite = inMillions(facts.cache_creation_input_token_cost);
  const price = {
    input: inMillions(input),
    output: inMillions(output),
    ...(cacheRead === undefined ? {} : { cache_read: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cache_write: cacheWrite }),
  };
  return {
    window: facts.max_input_tokens,
    max_output: facts.max_output_tokens,
    images: facts.supports_vision,
    pdf: facts.supports_pdf_input,
    tools: facts.supports_function_calling,
    reasoning: facts.supports_reasoning,
    like: facts.base_model?.split("/").at(-1),
    price: input === undefined || output === undefined ? undefined : price,
  };
}

/** Dollars for a million tokens, without the digits that a product of fractions gains. */
function inMillions(usdPerToken: number | undefined): number | undefined {
  return usdPerToken === undefined ? undefined : Math.round(usdPerToken * 1e12) / 1e6;
}

const lists = z
  .array(z.record(z.string(), z.array(z.string())))
  .optional()
  .catch(undefined);

const settingsSchema = z.looseObject({
  fallbacks: lists,
  context_window_fallbacks: lists,
  default_fallbacks: z.array(z.string()).optional().catch(undefined),
  model_group_alias: z
    .record(z.string(), z.union([z.string(), z.looseObject({ model: z.string() })]))
    .optional()
    .catch(undefined),
});

interface LitellmSettings {
  readonly router_settings?: Readonly<Record<string, unknown>> | null | undefined;
  readonly litellm_settings?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Adds the aliases of models as routes, and what is asked when a model fails behind its own targets. */
export function readLitellmFallbacks(file: LitellmSettings, builder: TakeoverBuilder): void {
  const sections = [file.router_settings, file.litellm_settings].map((section) =>
    settingsSchema.parse(section ?? {}),
  );
  for (const {
    fallbacks = [],
    context_window_fallbacks: longer = [],
    default_fallbacks: always,
  } of sections) {
    for (const [model, others] of [...fallbacks, ...longer].flatMap((one) => Object.entries(one))) {
      if (builder.targetsOf(model).length === 0) continue;
      for (const target of others.flatMap((other) => builder.targetsOf(other)))
        builder.addRoute(model, target);
    }
    if (always !== undefined) {
      builder.leave(
        "default_fallbacks",
        "write the targets behind those of each route that should go on to them.",
      );
    }
  }
  for (const { model_group_alias: aliases = {} } of sections) {
    for (const [alias, value] of Object.entries(aliases)) {
      const model = typeof value === "string" ? value : value.model;
      for (const target of builder.targetsOf(model)) builder.addRoute(alias, target);
    }
  }
}
