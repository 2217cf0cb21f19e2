import { isJsonObject, type JsonObject } from "../../../../src/json/json-value.ts";
import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";

const fields = new Set(
  `model instructions input tools tool_choice parallel_tool_calls max_tool_calls max_output_tokens temperature top_p
  top_k reasoning text include prompt_cache_key session_id store stream stream_options`.split(/\s+/),
);

const partTypes = new Set(["input_text", "input_image", "input_file"]);

/** What an item may have besides its type. */
const membersOf: Readonly<Record<string, readonly string[]>> = {
  message: ["role", "content", "phase"],
  reasoning: ["id", "summary", "encrypted_content", "content"],
  function_call: ["call_id", "name", "arguments"],
  function_call_output: ["call_id", "output"],
};

/**
 * Everything in a responses request that no server should accept (rules 21 to 22.4); empty if it is in order. At Ollama
 * the encrypted content is text, which may come twice.
 */
export function findShapeFaults(body: unknown, family: ProfileId): string[] {
  if (!isJsonObject(body)) return ["the body is no object"];
  const { input, store, max_output_tokens: limit, tools = [] } = body;
  const items = listOf(input);
  return [
    ...Object.keys(body).flatMap((key) => (fields.has(key) ? [] : [`${key} is unknown`])),
    ...(store === false ? [] : ["store is not false"]),
    ...(Number.isInteger(limit) && Number(limit) >= 16 ? [] : ["max_output_tokens is below 16"]),
    ...listOf(tools).flatMap(findToolFaults),
    ...(items.length === 0 ? ["input is empty"] : []),
    ...items.flatMap((item, index) => findItemFaults(item).map((fault) => `input[${index}]: ${fault}`)),
    ...findPairFaults(items),
    ...(family === "ollama" ? [] : findBlobFaults(items)),
  ];
}

function findToolFaults({ type, name, parameters, strict }: JsonObject): string[] {
  if (type === "web_search") return [];
  if (type !== "function") return [`a tool of type ${String(type)}`];
  const isNamed = typeof name === "string" && /^[\w-]{1,64}$/.test(name);
  const isWhole = isNamed && isJsonObject(parameters) && typeof strict === "boolean";
  return isWhole ? [] : [`a function ${String(name)} is not whole`];
}

function findItemFaults(item: JsonObject): string[] {
  const type = String(item["type"]);
  const members = membersOf[type];
  if (members === undefined) return [`type ${type}`];
  const unknown = Object.keys(item).filter((key) => key !== "type" && !members.includes(key));
  const faults = unknown.map((key) => `${key} is unknown`);
  if (type === "message") return [...faults, ...findMessageFaults(item)];
  if (type === "function_call_output") return [...faults, ...findContentFaults(item["output"])];
  if (type === "function_call") {
    const { call_id: id, arguments: given } = item;
    if (!/^[\w-]{1,64}$/.test(String(id))) faults.push("call_id");
    if (!isJsonObject(JSON.parse(String(given)))) faults.push("arguments are no object");
    return faults;
  }
  const { summary, encrypted_content: blob, content } = item;
  if (!Array.isArray(summary)) faults.push("no summary");
  if ((typeof blob === "string" && blob !== "") === listOf(content).length > 0) faults.push("no content");
  return faults;
}

function findMessageFaults({ role, content, phase }: JsonObject): string[] {
  if (role !== "assistant") {
    const faults = phase === undefined ? [] : ["phase of another than the assistant"];
    if (role !== "user" && role !== "developer") faults.push(`role ${String(role)}`);
    return [...faults, ...findContentFaults(content)];
  }
  if (typeof content === "string") return content === "" ? ["empty"] : [];
  const parts = listOf(content);
  const isWhole = parts.length === 1 && parts[0]?.["type"] === "output_text" && parts[0]["text"] !== "";
  return isWhole && Array.isArray(parts[0]?.["annotations"]) ? [] : ["not one output_text"];
}

/** A text that is not empty, or parts that are not all text. */
function findContentFaults(content: unknown): string[] {
  if (typeof content === "string") return content === "" ? ["empty"] : [];
  const parts = listOf(content);
  if (parts.every(({ type }) => type === "input_text")) return ["parts of text only"];
  return parts.flatMap(({ type }) => (partTypes.has(String(type)) ? [] : [`part ${String(type)}`]));
}

/** Every call has one output, behind all calls of its turn, and every output a call. */
function findPairFaults(items: readonly JsonObject[]): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const { type, role, call_id } of items) {
    const id = String(call_id);
    if (type === "function_call") open.push(id);
    else if (type === "function_call_output") {
      if (open.shift() !== id) faults.push(`No tool call found for function call output with call_id ${id}`);
    } else if (open.length > 0 && type === "message" && role !== "assistant") {
      faults.push(`No tool output found for function call ${open.join(", ")}`);
    }
  }
  return open.length > 0 ? [...faults, `No tool output found for function call ${open.join(", ")}`] : faults;
}

function findBlobFaults(items: readonly JsonObject[]): string[] {
  const blobs = items.flatMap(({ type, encrypted_content: blob, content }) =>
    type === "reasoning" && content === undefined ? [blob] : [],
  );
  return new Set(blobs).size < blobs.length ? ["the same encrypted content twice"] : [];
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
