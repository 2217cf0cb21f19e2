import type { RequestRecord } from "../../logging/request-record.ts";

/**
 * The headers that say who answers a request, and after how many sends, as it is known now: for the head of an answer,
 * so read them when the answer begins. Empty where no upstream is named, which is so without a configuration file.
 */
export function failoverHeaders({
  upstream,
  upstreamModel,
  attempts,
}: Pick<RequestRecord, "upstream" | "upstreamModel" | "attempts">): Record<string, string> {
  if (upstream === null) return {};
  return {
    "x-claude-proxy-upstream": upstream,
    "x-claude-proxy-model": toHeaderText(upstreamModel ?? ""),
    "x-claude-proxy-attempts": String(attempts),
  };
}

/** A model's id may come from the client, with characters that a header cannot hold. */
function toHeaderText(model: string): string {
  return model.replace(/[^\x21-\x7e]/g, "?");
}
