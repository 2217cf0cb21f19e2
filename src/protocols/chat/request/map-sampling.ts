import type { ChatRequestDialect } from "../../../profiles/chat-dialect.ts";
import type { SamplingWish } from "../../../translate/conversation/asked.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ChatRequest } from "../chat-request.ts";

/** MiniMax refuses 0 and accepts anything above it. */
const leastPositiveTemperature = 0.01;

/**
 * `temperature`, `top_p` and `top_k` if the upstream accepts them (rule 1.1). `reasoningEffort` is the level that the
 * request names.
 */
export function mapSampling(
  { temperature, topP, topK }: SamplingWish,
  reasoningEffort: string | undefined,
  dialect: ChatRequestDialect,
  notes: RequestNotes,
): Partial<ChatRequest> {
  const fields: Partial<ChatRequest> = {};
  const reasons =
    dialect.temperature === "drop-with-effort" && reasoningEffort !== undefined && reasoningEffort !== "none";
  if (temperature !== null) {
    if (dialect.temperature === "drop" || reasons) notes.dropped.add("temperature");
    else if (dialect.temperature === "positive") {
      fields.temperature = Math.max(temperature, leastPositiveTemperature);
    } else fields.temperature = temperature;
  }
  if (topP !== null) {
    const isSecond = dialect.topP === "drop-with-temperature" && temperature !== null;
    if (dialect.topP === "drop" || reasons || isSecond) notes.dropped.add("top_p");
    else fields.top_p = topP;
  }
  if (topK !== null) {
    if (dialect.topK) fields.top_k = topK;
    else notes.dropped.add("top_k");
  }
  return fields;
}

/** Stop sequences as they are sent (rules 1.1, 1.5). */
export interface MappedStops {
  fields: Partial<ChatRequest>;
  /** Some were not sent. */
  mustWatch: boolean;
}

/** Sends as many as the upstream accepts. */
export function mapStopSequences(
  sequences: readonly string[],
  { maxStopSequences }: Pick<ChatRequestDialect, "maxStopSequences">,
): MappedStops {
  const stop = sequences.slice(0, maxStopSequences);
  return { fields: stop.length === 0 ? {} : { stop }, mustWatch: stop.length < sequences.length };
}
