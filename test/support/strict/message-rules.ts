import type { FamilyRules } from "./families.ts";
import { isFunctionName, isObject, type Json, objectOf, objectsOf, unknownKeys } from "./json.ts";

const keysOfPart: Readonly<Record<string, readonly string[]>> = {
  text: ["type", "text", "cache_control"],
  image_url: ["type", "image_url", "cache_control"],
  file: ["type", "file", "cache_control"],
  document_url: ["type", "document_url", "document_name"],
};

/** Faults of the conversation: roles, order, calls and their results, contents. */
export function findMessageFaults(messages: unknown, rules: FamilyRules): string[] {
  if (!Array.isArray(messages) || messages.length === 0)
    return ["messages must be a list with at least one entry"];
  const faults: string[] = [];
  if (!messages.some((message) => objectOf(message)["role"] === "user")) faults.push("no user message");
  messages.forEach((message, index) => {
    if (isObject(message)) faults.push(...findFaultsOfMessage(message, `messages[${index}]`, rules));
    else faults.push(`messages[${index}] is no object`);
  });
  return [...faults, ...findOrderFaults(objectsOf(messages), rules), ...findCallFaults(objectsOf(messages))];
}

function findFaultsOfMessage(message: Json, path: string, rules: FamilyRules): string[] {
  switch (message["role"]) {
    case "developer":
      if (rules.developer !== true) return [`${path}.role "developer" is unknown`];
      return findSystemFaults(message, path, rules);
    case "system":
      return findSystemFaults(message, path, rules);
    case "user":
      return [
        ...extraKeys(message, path, ["role", "content"]),
        ...findContentFaults(message["content"], path, rules, "any"),
      ];
    case "assistant":
      return findAssistantFaults(message, path, rules);
    case "tool":
      return [
        ...extraKeys(message, path, ["role", "content", "tool_call_id"]),
        ...findContentFaults(message["content"], path, rules, rules.toolParts ?? "none"),
      ];
    default:
      return [`${path}.role ${JSON.stringify(message["role"])} is unknown`];
  }
}

function findSystemFaults(message: Json, path: string, rules: FamilyRules): string[] {
  const faults = extraKeys(message, path, ["role", "content"]);
  faults.push(...findContentFaults(message["content"], path, rules, "text"));
  if (JSON.stringify(message["content"]).includes("x-anthropic-billing-header")) {
    faults.push(`${path} holds the client's billing header`);
  }
  return faults;
}

function findAssistantFaults(message: Json, path: string, rules: FamilyRules): string[] {
  const { content, tool_calls: calls } = message;
  const known = ["role", "content", "tool_calls", ...(rules.assistantKeys ?? [])];
  const faults = extraKeys(message, path, known);
  const hasCalls = "tool_calls" in message;
  if (hasCalls && !(Array.isArray(calls) && calls.length > 0))
    faults.push(`${path}.tool_calls must be a list`);
  if (!hasCalls && (content === null || content === undefined))
    faults.push(`${path} has neither content nor calls`);
  else if (content === null && rules.refusesNull === true) faults.push(`${path}.content must not be null`);
  else if (typeof content === "string") {
    if (content === "" && !hasCalls) faults.push(`${path}.content is empty`);
  } else if (content !== null && content !== undefined) {
    faults.push(
      ...findContentFaults(content, path, rules, rules.losesAssistantParts === true ? "none" : "text"),
    );
  }
  objectsOf(calls).forEach((call, index) => {
    faults.push(...findFaultsOfCall(call, `${path}.tool_calls[${index}]`, rules));
  });
  return faults;
}

function findFaultsOfCall(call: Json, path: string, rules: FamilyRules): string[] {
  const gemini = rules.assistantKeys?.includes("extra_content") === true ? ["extra_content"] : [];
  const faults = extraKeys(call, path, ["id", "type", "function", ...gemini]);
  const id = call["id"];
  if (typeof id !== "string" || id === "") faults.push(`${path}.id is missing`);
  else if (rules.toolIds !== undefined && !rules.toolIds.test(id))
    faults.push(`${path}.id "${id}" has the wrong form`);
  if (call["type"] !== "function") faults.push(`${path}.type must be "function"`);
  const called = objectOf(call["function"]);
  faults.push(...extraKeys(called, `${path}.function`, ["name", "arguments"]));
  if (!isFunctionName(called["name"])) faults.push(`${path}.function.name "${called["name"]}" is invalid`);
  if (!isJsonObjectText(called["arguments"]))
    faults.push(`${path}.function.arguments must be JSON of an object`);
  return faults;
}

function isJsonObjectText(value: unknown): boolean {
  try {
    return typeof value === "string" && isObject(JSON.parse(value));
  } catch {
    return false;
  }
}

/** `parts` says which content parts are taken: all kinds, text only, or a string instead of parts. */
function findContentFaults(
  content: unknown,
  path: string,
  rules: FamilyRules,
  parts: "any" | "text" | "none",
): string[] {
  if (typeof content === "string") return content === "" ? [`${path}.content is empty`] : [];
  if (!Array.isArray(content)) return [`${path}.content must be a string or parts`];
  if (parts === "none") return [`${path}.content must be a string`];
  if (content.length === 0) return [`${path}.content is empty`];
  return content.flatMap((part, index) => findPartFaults(part, `${path}.content[${index}]`, rules, parts));
}

function findPartFaults(part: unknown, path: string, rules: FamilyRules, parts: "any" | "text"): string[] {
  if (!isObject(part)) return [`${path} is no object`];
  const type = String(part["type"]);
  const known = keysOfPart[type];
  if (known === undefined) return [`${path}.type "${type}" is unknown`];
  const faults = extraKeys(part, path, known);
  if (parts === "text" && type !== "text") faults.push(`${path}.type must be "text"`);
  if (type === "text" && (typeof part["text"] !== "string" || part["text"] === ""))
    faults.push(`${path}.text is empty`);
  if (type === "image_url") {
    const url = String(objectOf(part["image_url"])["url"]);
    if (!/^(data:image\/[a-z+]+;base64,[A-Za-z0-9+/]+=*$|https?:)/.test(url))
      faults.push(`${path} is no image URL`);
    if (rules.dataImagesOnly === true && !url.startsWith("data:")) faults.push(`${path} must be a data URL`);
  }
  return faults;
}

function findOrderFaults(messages: readonly Json[], rules: FamilyRules): string[] {
  const faults: string[] = [];
  messages.forEach((message, index) => {
    const role = message["role"];
    const before = messages[index - 1]?.["role"];
    if (role === before && (role === "user" || role === "assistant")) {
      faults.push(`messages[${index}]: two ${role} messages in a row`);
    }
    if (role === "system" && index > 0 && rules.systemAnywhere !== true) {
      faults.push(`messages[${index}]: the system message must be at the beginning`);
    }
    if (role === "user" && before === "tool" && rules.refusesUserAfterTool === true) {
      faults.push(`messages[${index}]: Unexpected role 'user' after role 'tool'`);
    }
  });
  return faults;
}

/** Every call is answered exactly once, right after it, in the order of the calls; no id comes twice. */
function findCallFaults(messages: readonly Json[]): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  let pending: string[] = [];
  messages.forEach((message, index) => {
    if (message["role"] === "tool") {
      const id = String(message["tool_call_id"]);
      const place = pending.indexOf(id);
      if (place === -1) faults.push(`messages[${index}]: result for ${id}, which no call before it has`);
      if (place > 0) faults.push(`messages[${index}]: result for ${id} out of order`);
      pending = pending.filter((other) => other !== id);
      return;
    }
    for (const id of pending) faults.push(`messages[${index}]: the result for ${id} is missing`);
    pending = objectsOf(message["tool_calls"]).map((call) => String(call["id"]));
    for (const id of pending) {
      if (seen.has(id)) faults.push(`messages[${index}]: the id ${id} was used before`);
      seen.add(id);
    }
  });
  for (const id of pending) faults.push(`the result for ${id} is missing`);
  return faults;
}

function extraKeys(value: Json, path: string, known: readonly string[]): string[] {
  return unknownKeys(value, known).map((key) => `${path}.${key} is unknown`);
}
