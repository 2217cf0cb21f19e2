import { isFunctionName, isObject, type Json, objectOf, unknownKeys } from "../../strict/json.ts";
import { findPartFaults } from "./part-faults.ts";
import { findReasoningItemFaults } from "./reasoning-item-faults.ts";
import type { ResponsesRules } from "./responses-families.ts";
import {
  doesNotFit,
  invalidType,
  invalidValue,
  missingParameter,
  type ResponsesRefusal,
  refusal,
  unknownParameter,
} from "./responses-refusal.ts";
import { tooLong } from "./top-level-faults.ts";

/** Faults of single input items. */
export function findInputFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  const { input } = request;
  if (!Array.isArray(input)) return [];
  const images = rules.visionModels?.test(String(request["model"])) !== false;
  return input.flatMap((item: unknown, index) => {
    const path = `input[${index}]`;
    if (!isObject(item)) return [invalidType(path, "an object")];
    return [...findFaultsOfItem(item, path, rules, images), ...findIdFaults(item, path, rules)];
  });
}

function findFaultsOfItem(
  item: Json,
  path: string,
  rules: ResponsesRules,
  images: boolean,
): ResponsesRefusal[] {
  switch (item["type"]) {
    case undefined:
      return [refusal("Cannot determine type of 'item'", `${path}.type`)];
    case "message":
      return findMessageFaults(item, path, rules, images);
    case "reasoning":
      return findReasoningItemFaults(item, path, rules);
    case "function_call":
      return findCallFaults(item, path);
    case "function_call_output":
      return findOutputFaults(item, path, rules, images);
    default:
      return [
        invalidValue(`${path}.type`, item["type"], [
          "message",
          "reasoning",
          "function_call",
          "function_call_output",
        ]),
      ];
  }
}

/** Items have no ids and no status: with them a server checks pairs, and looks for what it has never kept. */
function findIdFaults(item: Json, path: string, rules: ResponsesRules): ResponsesRefusal[] {
  const faults = "status" in item ? [unknownParameter(`${path}.status`)] : [];
  const { id, type } = item;
  if (id === undefined || (type === "reasoning" && rules.reasoningIds === true)) return faults;
  const prefixes: Readonly<Record<string, string>> = { message: "msg", function_call: "fc", reasoning: "rs" };
  const prefix = prefixes[String(type)] ?? "msg";
  if (!String(id).startsWith(prefix)) {
    const message = `Invalid '${path}.id': '${String(id)}'. Expected an ID that begins with '${prefix}'.`;
    return [...faults, refusal(message, `${path}.id`, "invalid_value")];
  }
  const kept =
    "Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.";
  return [...faults, refusal(`Item with id '${String(id)}' not found. ${kept}`, "input")];
}

function findMessageFaults(
  item: Json,
  path: string,
  rules: ResponsesRules,
  images: boolean,
): ResponsesRefusal[] {
  const { role, content } = item;
  const keys = ["type", "role", "content", "id", "status"];
  if (role === "assistant") {
    const faults = unknownKeys(item, [...keys, "phase"]).map((key) => unknownParameter(`${path}.${key}`));
    return [...faults, ...findSaidFaults(content, path, rules)];
  }
  const faults = unknownKeys(item, keys).map((key) => unknownParameter(`${path}.${key}`));
  const isSystem = role === "system" || (role === "developer" && rules.developer === true);
  if (role !== "user" && !isSystem) {
    const roles = ["assistant", "system", ...(rules.developer === true ? ["developer"] : []), "user"];
    return [...faults, invalidValue(`${path}.role`, role, roles)];
  }
  return [...faults, ...findPartFaults(content, `${path}.content`, { images, files: rules.files })];
}

/** Faults of what an assistant said. */
function findSaidFaults(content: unknown, path: string, rules: ResponsesRules): ResponsesRefusal[] {
  const param = `${path}.content`;
  if (content === undefined) return [missingParameter(param)];
  if (typeof content === "string") {
    if (content === "") return [invalidType(param, "text")];
    return rules.assistantText === "annotated-parts" || rules.assistantText === "parts"
      ? [invalidType(param, "a list of parts")]
      : [];
  }
  if (rules.assistantText === "string") return [invalidType(param, "a string")];
  if (!Array.isArray(content)) return [invalidType(param, "a list of parts")];
  if (content.length !== 1) return [refusal("Only the first part is read.", param)];
  const part = objectOf(content[0]);
  if (part["type"] !== "output_text") {
    return [invalidValue(`${param}[0]`, part["type"], ["output_text", "refusal"])];
  }
  const faults = unknownKeys(part, ["type", "text", "annotations"]).map((key) =>
    unknownParameter(`${param}[0].${key}`),
  );
  if (typeof part["text"] !== "string" || part["text"] === "")
    faults.push(missingParameter(`${param}[0].text`));
  const hasList = Array.isArray(part["annotations"]) && part["annotations"].length === 0;
  if (!hasList && (part["annotations"] !== undefined || rules.assistantText === "annotated-parts")) {
    faults.push(doesNotFit(`${param}[0].annotations`));
  }
  return faults;
}

function findCallFaults(item: Json, path: string): ResponsesRefusal[] {
  const keys = ["type", "call_id", "name", "arguments", "id", "status"];
  const faults = unknownKeys(item, keys).map((key) => unknownParameter(`${path}.${key}`));
  faults.push(...findCallIdFaults(item["call_id"], `${path}.call_id`));
  if (!isFunctionName(item["name"])) faults.push(invalidType(`${path}.name`, "the name of a function"));
  if (!isObjectText(item["arguments"])) {
    faults.push(invalidType(`${path}.arguments`, "the JSON text of an object"));
  }
  return faults;
}

function isObjectText(text: unknown): boolean {
  if (typeof text !== "string") return false;
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function findCallIdFaults(callId: unknown, param: string): ResponsesRefusal[] {
  if (callId === undefined) return [missingParameter(param)];
  if (typeof callId !== "string" || callId === "") return [invalidType(param, "a string")];
  if (callId.length > 64) return [tooLong(param, callId, 64)];
  return /^[\w-]+$/.test(callId) ? [] : [invalidType(param, "letters, digits, _ and -")];
}

function findOutputFaults(
  item: Json,
  path: string,
  rules: ResponsesRules,
  images: boolean,
): ResponsesRefusal[] {
  const keys = ["type", "call_id", "output", "id", "status"];
  const faults = unknownKeys(item, keys).map((key) => unknownParameter(`${path}.${key}`));
  faults.push(...findCallIdFaults(item["call_id"], `${path}.call_id`));
  const { output } = item;
  if (output === undefined) return [...faults, missingParameter(`${path}.output`)];
  if (typeof output !== "string" && rules.toolOutput === "text") {
    return [...faults, invalidType(`${path}.output`, "a string")];
  }
  const files = rules.toolOutput === "files" ? rules.files : "none";
  return [...faults, ...findPartFaults(output, `${path}.output`, { images, files })];
}
