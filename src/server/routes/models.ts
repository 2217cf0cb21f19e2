import type { Context, Handler } from "hono";
import { ApiError } from "../../anthropic/api-error.ts";
import type { FileTier, ModelPrice } from "../../config/file-config.ts";
import { readWholeNumber } from "../../json/whole-number.ts";
import type { OfferedModel } from "../../relay/offered-model.ts";
import type { AppEnvironment } from "../middleware/request-context.ts";

/** Whether a model can do something. */
interface Support {
  supported: boolean;
}

/** A model in the form of the Models API. Unknown values are null. */
interface ModelInfo {
  type: "model";
  id: string;
  display_name: string;
  created_at: string;
  max_input_tokens: number | null;
  max_tokens: number | null;
  capabilities: Readonly<Record<string, Support>> | null;
  deprecated_at: null;
  retires_at: null;
  lifecycle: "active";
  line: FileTier | null;
  /** Dollars for a million tokens; absent where it is not known. The real API has no such member. */
  price?: ModelCost;
}

interface ModelCost {
  input: number;
  output: number;
  cache_read: number | null;
  cache_write: number | null;
}

/** The API requires a date, and ours is unknown. */
const unknownDate = "1970-01-01T00:00:00Z";
const mostModels = 1000;

/**
 * `GET /v1/models` (rule 8): an alias for each tier, and the configured upstream models, with a configuration file those
 * that the client may use; with what the upstreams say of them. Pages by `limit`, `after_id` and `before_id` as the real
 * API does.
 */
export function listModelsRoute(): Handler<AppEnvironment> {
  return async (c) => {
    const models = await listModels(c);
    const limit = parseLimit(c.req.query("limit"));
    const afterId = c.req.query("after_id");
    const beforeId = c.req.query("before_id");
    const start = afterId === undefined ? 0 : findModel(models, "after_id", afterId) + 1;
    const end = beforeId === undefined ? models.length : findModel(models, "before_id", beforeId);
    const found = models.slice(start, Math.max(start, end));
    // `before_id` selects the nearest models before it, not the first of all.
    const data = beforeId === undefined ? found.slice(0, limit) : found.slice(-limit);
    return c.json({
      data,
      has_more: data.length < found.length,
      first_id: data.at(0)?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    });
  };
}

/** `GET /v1/models/{id}`: one of them. Ids of upstreams may hold slashes. */
export function modelRoute(): Handler<AppEnvironment> {
  return async (c) => {
    const models = await listModels(c);
    const id = c.req.param("id")?.replace(/\/$/, "");
    const model = models.find((known) => known.id === id);
    if (model === undefined) throw new ApiError("not_found_error", `model: ${id}`);
    return c.json(model);
  };
}

async function listModels(c: Context<AppEnvironment>): Promise<ModelInfo[]> {
  const relay = await c.get("setup").loadRelay();
  const offered = await relay.offerModels(c.get("client") ?? null);
  return offered.map(describeOffered);
}

function describeOffered({ id, name, tier, facts }: OfferedModel): ModelInfo {
  const { window, maxOutput, images, pdf, reasoning, price } = facts;
  const known = Object.entries({ image_input: images, pdf_input: pdf, thinking: reasoning }).flatMap(
    ([ability, supported]): [string, Support][] => (supported === null ? [] : [[ability, { supported }]]),
  );
  return {
    ...describeModel(id, name, tier),
    max_input_tokens: window,
    max_tokens: maxOutput,
    capabilities: known.length === 0 ? null : Object.fromEntries(known),
    ...(price === null ? {} : { price: describePrice(price) }),
  };
}

function describePrice({ input, output, cacheRead, cacheWrite }: ModelPrice): ModelCost {
  return { input, output, cache_read: cacheRead, cache_write: cacheWrite };
}

function describeModel(id: string, display_name: string, line: ModelInfo["line"]): ModelInfo {
  return {
    type: "model",
    id,
    display_name,
    created_at: unknownDate,
    max_input_tokens: null,
    max_tokens: null,
    capabilities: null,
    deprecated_at: null,
    retires_at: null,
    lifecycle: "active",
    line,
  };
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return 20;
  const limit = readWholeNumber(text);
  if (limit === null || limit < 1 || limit > mostModels) {
    throw new ApiError("invalid_request_error", `limit: must be a whole number from 1 to ${mostModels}`);
  }
  return limit;
}

function findModel(models: readonly ModelInfo[], field: string, id: string): number {
  const index = models.findIndex((model) => model.id === id);
  if (index === -1) throw new ApiError("invalid_request_error", `${field}: there is no model ${id}`);
  return index;
}
