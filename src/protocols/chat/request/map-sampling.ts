import type { MessagesRequest } from "../../../anthropic/messages-request.ts";
import type { Profile } from "../../../profiles/profile.ts";
import type { RequestNotes } from "../../../translate/request-notes.ts";
import type { ChatRequest } from "../chat-request.ts";

/** MiniMax refuses 0 and takes anything above it. */
const leastPositiveTemperature = 0.01;

/**
 * `temperature`, `top_p` and `top_k` where the upstream takes them (rule 1.1). `reasoningEffort` is the level that
 * the request names.
 */
export function mapSampling(
  request: Pick<MessagesRequest, "temperature" | "top_p" | "top_k">,
  reasoningEffort: string | undefined,
  profile: Profile,
  notes: RequestNotes,
): Partial<ChatRequest> {
  const { temperature, top_p, top_k } = request;
  const fields: Partial<ChatRequest> = {};
  const reasons =
    profile.temperature === "drop-with-effort" && reasoningEffort !== undefined && reasoningEffort !== "none";
  if (typeof temperature === "number") {
    if (profile.temperature === "drop" || reasons) notes.dropped.add("temperature");
    else if (profile.temperature === "positive") {
      fields.temperature = Math.max(temperature, leastPositiveTemperature);
    } else fields.temperature = temperature;
  }
  if (typeof top_p === "number") {
    const isSecond = profile.topP === "drop-with-temperature" && typeof temperature === "number";
    if (profile.topP === "drop" || reasons || isSecond) notes.dropped.add("top_p");
    else fields.top_p = top_p;
  }
  if (typeof top_k === "number") {
    if (profile.topK) fields.top_k = top_k;
    else notes.dropped.add("top_k");
  }
  return fields;
}

/** Stop sequences as asked for and as sent (rules 1.1, 1.5). */
export interface MappedStops {
  fields: Partial<ChatRequest>;
  /** All that can ever match. */
  all: string[];
  /** Some were not sent. */
  mustWatch: boolean;
}

/** Sends as many as the upstream takes; blank ones are refused everywhere and go. */
export function mapStopSequences(
  sequences: readonly string[] | null | undefined,
  profile: Profile,
): MappedStops {
  const all = (sequences ?? []).filter((sequence) => sequence.trim() !== "");
  const stop = all.slice(0, profile.maxStopSequences);
  return { fields: stop.length === 0 ? {} : { stop }, all, mustWatch: stop.length < all.length };
}
