import type { ModelPrice } from "../config/file-config.ts";
import type { JsonObject } from "../json/json-value.ts";
import { priceTokens } from "../record/cost-of.ts";
import type { Heard } from "./check.ts";
import { checks } from "./list-checks.ts";

/** What a run will send. */
export interface RunEstimate {
  readonly requests: number;
  /** Tokens of all prompts, roughly. */
  readonly inputTokens: number;
  /** The most tokens of all answers: mostly far fewer come. */
  readonly mostOutputTokens: number;
}

/** A token of English or JSON has about four bytes. */
const bytesOfToken = 4;

/** Some vendors count an image as so many tokens, whatever its size. */
const tokensOfFile = 1500;

/** Estimates a run from the requests of the checks themselves; nothing is sent. */
export async function estimateRun(): Promise<RunEstimate> {
  let [requests, inputTokens, mostOutputTokens] = [0, 0, 0];
  for (const check of checks) {
    const bodies: JsonObject[] = [];
    const record = async (body: JsonObject) => {
      bodies.push(body);
      return nothingHeard(body);
    };
    await check.run(record, { first: () => undefined, toldWindow: null, writtenWindow: null });
    requests += check.requests;
    const [first] = bodies;
    if (first === undefined) continue;
    const tokens = Math.ceil(JSON.stringify(first).length / bytesOfToken);
    inputTokens +=
      check.requests * (tokens + (check.id === "image" || check.id === "pdf" ? tokensOfFile : 0));
    const limit = first["max_tokens"];
    mostOutputTokens += check.requests * (typeof limit === "number" ? limit : 0);
  }
  return { requests, inputTokens, mostOutputTokens };
}

/** The most dollars that a run may cost. */
export function priceEstimate({ inputTokens, mostOutputTokens }: RunEstimate, price: ModelPrice): number {
  const tokens = { inputTokens, outputTokens: mostOutputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return priceTokens(tokens, price) ?? 0;
}

function nothingHeard(body: JsonObject): Heard {
  return {
    body,
    blocks: [],
    text: "",
    calls: [],
    stopReason: null,
    error: null,
    notes: [],
    sent: "",
    received: "",
    family: null,
    protocol: null,
    usageEstimated: false,
    tokens: null,
    costUsd: null,
  };
}
