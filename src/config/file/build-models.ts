import type { ModelPrice, ModelSettings } from "../file-config.ts";
import type { FileContext } from "./file-context.ts";
import type { ModelText } from "./file-schema.ts";
import type { KeyPath } from "./key-path.ts";
import { readTarget } from "./parse-target.ts";

/** Builds what the file says of models, by `upstream/model` with the model's own id. Faults are reported. */
export function buildModels(context: FileContext): Map<string, ModelSettings> {
  const models = new Map<string, ModelSettings>();
  for (const [key, model] of Object.entries(context.file.models ?? {})) {
    const path: KeyPath = ["models", key];
    const target = readTarget(key, path, context);
    if (target === null) continue;
    const { upstream } = target;
    if (target.model === "*") {
      context.report(path, "must name one model");
      continue;
    }
    const id = `${upstream}/${context.findLongName(upstream, target.model) ?? target.model}`;
    if (models.has(id)) context.report(path, "is a model that is named before");
    else models.set(id, readModel(model));
  }
  return models;
}

function readModel(model: ModelText): ModelSettings {
  return {
    window: model.window ?? null,
    maxOutput: model.max_output ?? null,
    images: model.images ?? null,
    pdf: model.pdf ?? null,
    tools: model.tools ?? null,
    reasoning: model.reasoning ?? null,
    price: readPrice(model.price),
    name: model.name ?? null,
    like: model.like ?? null,
  };
}

function readPrice(price: ModelText["price"]): ModelPrice | null {
  if (price === undefined) return null;
  // Who writes no price for a cache pays none of its own there.
  const { input, output, cache_read: cacheRead = input, cache_write: cacheWrite = input } = price;
  return { input, output, cacheRead, cacheWrite };
}
