import { isObject, type Json, objectOf, objectsOf } from "../support/strict/json.ts";

/** What a recorded answer says, read as plainly as can be and without any of our code. */
export interface FoldedRecording {
  thinking: string;
  text: string;
  calls: { name: string; input: unknown }[];
  /** Tokens of the prompt, of them read from a cache, and of all output. */
  usage: { prompt: number; cached: number; output: number };
}

/** Folds the chunks of a stream, or the one completion of a whole answer. */
export function foldRecording(chunks: readonly unknown[]): FoldedRecording {
  let thinking = "";
  let text = "";
  let usage: Json = {};
  const calls: { name: string; json: string }[] = [];
  for (const chunk of chunks.filter(isObject)) {
    const choice = objectOf(objectsOf(chunk["choices"])[0]);
    const said = objectOf(choice["delta"] ?? choice["message"]);
    thinking += textOf(said["reasoning_content"] ?? said["reasoning"]);
    text += textOf(said["content"]);
    for (const [place, call] of objectsOf(said["tool_calls"]).entries()) {
      const { name, arguments: json } = objectOf(call["function"]);
      const index = typeof call["index"] === "number" ? call["index"] : place;
      const known = calls[index] ?? { name: "", json: "" };
      calls[index] = { name: known.name || textOf(name), json: known.json + textOf(json) };
    }
    const told = [chunk["usage"], choice["usage"], objectOf(chunk["x_groq"])["usage"]].find(isObject);
    usage = told ?? usage;
  }
  const inputs = calls.map(({ name, json }) => ({ name, input: JSON.parse(json) as unknown }));
  return { thinking, text, calls: inputs, usage: foldUsage(usage) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function foldUsage(usage: Json): FoldedRecording["usage"] {
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  const prompt = number(usage["prompt_tokens"]);
  const completion = number(usage["completion_tokens"]);
  const reasoning = number(objectOf(usage["completion_tokens_details"])["reasoning_tokens"]);
  const details = objectOf(usage["prompt_tokens_details"])["cached_tokens"];
  // xAI counts reasoning beside the completion: its total says so.
  const isBeside = reasoning > 0 && usage["total_tokens"] === prompt + completion + reasoning;
  return {
    prompt,
    cached: number(details ?? usage["cached_tokens"]),
    output: completion + (isBeside ? reasoning : 0),
  };
}
