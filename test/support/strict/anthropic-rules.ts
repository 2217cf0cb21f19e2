import { isFunctionName, isObject, type Json, objectOf, objectsOf, unknownKeys } from "./json.ts";

/**
 * What Anthropic's own servers accept, written from their reference and from the texts of their refusals, and not from
 * our code: it has to find its faults.
 */

const topLevelKeys = [
  ...["model", "messages", "max_tokens", "system", "metadata", "stop_sequences", "stream", "temperature"],
  ...["thinking", "tool_choice", "tools", "top_k", "top_p", "container", "context_management", "mcp_servers"],
  ...["service_tier", "output_config", "cache_control", "inference_geo"],
];

const keysOfBlock: Readonly<Record<string, readonly string[]>> = {
  text: ["type", "text", "citations", "cache_control"],
  image: ["type", "source", "cache_control"],
  document: ["type", "source", "title", "context", "citations", "cache_control"],
  tool_use: ["type", "id", "name", "input", "caller", "cache_control"],
  tool_result: ["type", "tool_use_id", "content", "is_error", "cache_control"],
  thinking: ["type", "thinking", "signature"],
  redacted_thinking: ["type", "data"],
  server_tool_use: ["type", "id", "name", "input", "caller", "cache_control"],
  web_search_tool_result: ["type", "tool_use_id", "content", "caller", "cache_control"],
};

const toolId = /^[a-zA-Z0-9_-]+$/;

/** The thinking that the server has signed, by its signature. */
export type Signed = ReadonlyMap<string, string>;

/** Everything for which Anthropic's servers would refuse the messages request; an empty list for one in order. */
export function findAnthropicFaults(request: unknown, signed: Signed): string[] {
  if (!isObject(request)) return ["the body must be a JSON object"];
  const messages = objectsOf(request["messages"]);
  return [
    ...unknownKeys(request, topLevelKeys).map((key) => `${key}: Extra inputs are not permitted`),
    ...findTopLevelFaults(request),
    ...findToolFaults(request["tools"]),
    ...(messages.length === 0 ? ["messages: at least one message is required"] : []),
    ...findRoleFaults(messages),
    ...messages.flatMap((message, index) => findContentFaults(message, `messages.${index}`, signed)),
    ...findCallFaults(messages),
    ...findThinkingStartFaults(request, messages),
    ...findMarkFaults(request),
  ];
}

function findTopLevelFaults(request: Json): string[] {
  const faults: string[] = [];
  const { model, max_tokens: most, temperature, top_p: topP, top_k: topK } = request;
  if (typeof model !== "string" || model === "")
    faults.push("model: String should have at least 1 character");
  if (!Number.isInteger(most) || Number(most) < 1)
    faults.push("max_tokens: must be greater than or equal to 1");
  if (temperature !== undefined && !(Number(temperature) >= 0 && Number(temperature) <= 1))
    faults.push("temperature: range: 0..1");
  const thinking = objectOf(request["thinking"]);
  if (!("type" in thinking) || thinking["type"] === "disabled") return faults;
  const { budget_tokens: budget } = thinking;
  if (thinking["type"] === "enabled" && !(Number(budget) >= 1024))
    faults.push("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
  if (Number(budget) >= Number(most))
    faults.push("`max_tokens` must be greater than `thinking.budget_tokens`");
  if (temperature !== undefined && temperature !== 1)
    faults.push("`temperature` may only be set to 1 when thinking is enabled");
  if (topK !== undefined) faults.push("`top_k` must be unset when thinking is enabled");
  if (topP !== undefined && Number(topP) < 0.95) faults.push("`top_p` must be greater than or equal to 0.95");
  if (["any", "tool"].includes(String(objectOf(request["tool_choice"])["type"])))
    faults.push("Thinking may not be enabled when tool_choice forces tool use");
  return faults;
}

function findToolFaults(tools: unknown): string[] {
  return objectsOf(tools).flatMap(({ type, name, input_schema: schema }, index) => {
    if (type !== undefined && type !== "custom") return [];
    const faults = isFunctionName(name) ? [] : [`tools.${index}.custom.name: wrong pattern`];
    if (objectOf(schema)["type"] !== "object") faults.push(`tools.${index}.custom.input_schema.type: wrong`);
    return faults;
  });
}

function findRoleFaults(messages: readonly Json[]): string[] {
  return messages.flatMap(({ role }, index) => {
    const wanted = index % 2 === 0 ? "user" : "assistant";
    return role === wanted ? [] : [`messages.${index}: the role must be ${wanted}, not ${String(role)}`];
  });
}

function findContentFaults({ role, content }: Json, path: string, signed: Signed): string[] {
  if (typeof content === "string") return content.trim() === "" ? [`${path}: text must not be empty`] : [];
  const blocks = objectsOf(content);
  if (blocks.length === 0) return [`${path}: all messages must have non-empty content`];
  return blocks.flatMap((block, index) => findBlockFaults(block, role, `${path}.content.${index}`, signed));
}

function findBlockFaults(block: Json, role: unknown, path: string, signed: Signed): string[] {
  const type = String(block["type"]);
  const known = keysOfBlock[type];
  if (known === undefined) return [`${path}: Input tag '${type}' found using 'type' does not match`];
  const faults = unknownKeys(block, known).map((key) => `${path}.${key}: Extra inputs are not permitted`);
  const isOfAssistant = /^(tool_use|server_tool_use|thinking|redacted_thinking|web_search_tool_result)$/.test(
    type,
  );
  if (isOfAssistant && role !== "assistant") faults.push(`${path}: ${type} blocks are of the assistant`);
  if (type === "tool_result" && role !== "user") faults.push(`${path}: tool_result blocks are of the user`);
  if (type === "text" && (typeof block["text"] !== "string" || block["text"].trim() === ""))
    faults.push(`${path}: text content blocks must contain non-whitespace text`);
  if (type === "tool_use") faults.push(...findCallFormFaults(block, path));
  if (type === "thinking" && signed.get(String(block["signature"])) !== block["thinking"])
    faults.push(`${path}: Invalid \`signature\` in \`thinking\` block`);
  if (type === "redacted_thinking") faults.push(`${path}: Invalid \`data\` in \`redacted_thinking\` block`);
  if (type === "web_search_tool_result")
    for (const page of objectsOf(block["content"]))
      if (page["encrypted_content"] === "")
        faults.push(`${path}: Invalid \`encrypted_content\` in search result`);
  return faults;
}

function findCallFormFaults({ id, name, input }: Json, path: string): string[] {
  const faults: string[] = [];
  if (typeof id !== "string" || !toolId.test(id)) faults.push(`${path}.id: String should match pattern`);
  if (!isFunctionName(name)) faults.push(`${path}.name: String should match pattern`);
  if (!isObject(input)) faults.push(`${path}.input: Input should be a valid dictionary`);
  return faults;
}

/** Every call has its result at the beginning of the very next message, and no other result is there. */
function findCallFaults(messages: readonly Json[]): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  messages.forEach((message, index) => {
    const blocks = objectsOf(message["content"]);
    const results = blocks
      .filter(({ type }) => type === "tool_result")
      .map((block) => String(block["tool_use_id"]));
    const calls = idsOfCalls(messages[index - 1]);
    for (const id of calls)
      if (results.filter((other) => other === id).length !== 1)
        faults.push(`messages.${index}: the call ${id} must have one result here`);
    for (const id of results)
      if (!calls.includes(id)) faults.push(`messages.${index}: unexpected \`tool_use_id\`: ${id}`);
    const firstOther = blocks.findIndex(({ type }) => type !== "tool_result");
    const isBehind = blocks.some(({ type }, place) => type === "tool_result" && place > firstOther);
    if (firstOther !== -1 && isBehind) faults.push(`messages.${index}: tool_result blocks must come first`);
    for (const id of idsOfCalls(message)) {
      if (seen.has(id)) faults.push(`messages.${index}: \`tool_use\` ids must be unique: ${id}`);
      seen.add(id);
    }
  });
  const left = idsOfCalls(messages.at(-1));
  if (left.length > 0) faults.push("the last message has calls without results");
  return faults;
}

function idsOfCalls(message: Json | undefined): string[] {
  const calls = objectsOf(message?.["content"]).filter(({ type }) => type === "tool_use");
  return calls.map(({ id }) => String(id));
}

/** In a turn that goes on, a model that thinks by a budget must have begun with thinking. */
function findThinkingStartFaults(request: Json, messages: readonly Json[]): string[] {
  if (objectOf(request["thinking"])["type"] !== "enabled") return [];
  const index = messages.findLastIndex(({ role }) => role === "assistant");
  const goesOn = objectsOf(messages.at(-1)?.["content"]).some(({ type }) => type === "tool_result");
  const [first] = objectsOf(messages[index]?.["content"]);
  if (!goesOn || first === undefined || /^(redacted_)?thinking$/.test(String(first["type"]))) return [];
  return [
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first["type"])}\`. ` +
      "When `thinking` is enabled, a final `assistant` message must start with a thinking block",
  ];
}

function findMarkFaults(request: Json): string[] {
  const marks = JSON.stringify(request).split('"cache_control":{').length - 1;
  return marks > 4 ? [`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`] : [];
}
