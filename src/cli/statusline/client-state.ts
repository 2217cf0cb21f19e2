import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";

/** What Claude Code tells a status line of itself; null for what it did not tell. */
export interface ClientState {
  readonly sessionId: string | null;
  /** The id that it asks for. */
  readonly modelId: string | null;
  /** The name that it shows for it. */
  readonly modelName: string | null;
  readonly cwd: string | null;
  /** Tokens of the last prompt and its answer, as the answer said. */
  readonly contextTokens: number | null;
}

/**
 * Reads what Claude Code writes to the standard input of a status line. Never throws: what is missing or has another
 * form is not known. Its own window and costs are left out, as they are beliefs about Anthropic's models.
 */
export function parseClientState(text: string): ClientState {
  const state = parseObject(text);
  const model = objectOf(state["model"]);
  return {
    sessionId: nonEmptyString(state["session_id"]) ?? null,
    modelId: nonEmptyString(model["id"]) ?? null,
    modelName: nonEmptyString(model["display_name"]) ?? nonEmptyString(model["id"]) ?? null,
    cwd: nonEmptyString(objectOf(state["workspace"])["current_dir"]) ?? nonEmptyString(state["cwd"]) ?? null,
    contextTokens: readContextTokens(objectOf(state["context_window"])["current_usage"]),
  };
}

/** Null before the first answer. */
function readContextTokens(usage: unknown): number | null {
  if (!isJsonObject(usage)) return null;
  const names = ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens"];
  let sum = 0;
  for (const name of names) {
    const count = usage[name];
    if (typeof count === "number" && Number.isFinite(count)) sum += count;
  }
  return sum;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    // A line is shown in any case; of this client nothing is known.
    return {};
  }
}
