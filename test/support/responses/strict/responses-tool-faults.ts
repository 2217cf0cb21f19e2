import { isFunctionName, isObject, type Json, objectOf, objectsOf, unknownKeys } from "../../strict/json.ts";
import { isStrictSchema } from "../../strict/schema-rules.ts";
import type { ResponsesRules } from "./responses-families.ts";
import {
  invalidType,
  invalidValue,
  missingParameter,
  type ResponsesRefusal,
  refusal,
  unknownParameter,
} from "./responses-refusal.ts";

const combiners = ["oneOf", "anyOf", "allOf", "enum", "not"];

/** Faults of `tools`, `tool_choice` and `parallel_tool_calls`. */
export function findToolFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  if (!("tools" in request)) {
    return ["tool_choice", "parallel_tool_calls", "max_tool_calls"]
      .filter((key) => key in request)
      .map((key) => refusal(`'${key}' is only allowed when 'tools' are specified.`, key));
  }
  const { tools, parallel_tool_calls: parallel } = request;
  if (!Array.isArray(tools) || tools.length === 0) return [invalidType("tools", "a list of tools")];
  const faults = tools.flatMap((tool, index) => findFaultsOfTool(objectOf(tool), `tools[${index}]`, rules));
  const { maxTools = Number.POSITIVE_INFINITY } = rules;
  if (tools.length > maxTools) {
    const message = `Invalid 'tools': array too long. Expected an array with maximum length ${maxTools}, but got an array with length ${tools.length} instead.`;
    faults.push(refusal(message, "tools", "array_above_max_length"));
  }
  const names = objectsOf(tools).flatMap(({ name }) => (name === undefined ? [] : [String(name)]));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  faults.push(...twice.map((name) => refusal(`Tool names must be unique: ${name}.`, "tools")));
  if (parallel !== undefined && typeof parallel !== "boolean") {
    faults.push(invalidType("parallel_tool_calls", "a boolean"));
  } else if (parallel === undefined && rules.oneCallByDefault === true) {
    faults.push(
      refusal("Calls come one at a time here unless the request says otherwise.", "parallel_tool_calls"),
    );
  }
  return [...faults, ...findChoiceFaults(request, names, rules)];
}

function findFaultsOfTool(tool: Json, path: string, rules: ResponsesRules): ResponsesRefusal[] {
  if (tool["type"] === "web_search") return findSearchFaults(tool, path, rules);
  if (tool["type"] !== "function") {
    return [invalidValue(`${path}.type`, tool["type"], ["function", "web_search"])];
  }
  const keys = ["type", "name", "description", "parameters", "strict"];
  const faults = unknownKeys(tool, keys).map((key) => unknownParameter(`${path}.${key}`));
  const { name, description, parameters, strict } = tool;
  if (name === undefined) faults.push(missingParameter(`${path}.name`));
  else if (!isFunctionName(name)) {
    const message = `Invalid '${path}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
    faults.push(refusal(message, `${path}.name`, "invalid_value"));
  }
  if (description !== undefined && typeof description !== "string") {
    faults.push(invalidType(`${path}.description`, "a string"));
  }
  if (typeof strict !== "boolean") {
    faults.push(refusal("A tool that does not say 'strict' is strict here.", `${path}.strict`));
  }
  return [...faults, ...findSchemaFaults(parameters, strict, String(name), path, rules)];
}

function findSchemaFaults(
  schema: unknown,
  strict: unknown,
  name: string,
  path: string,
  rules: ResponsesRules,
): ResponsesRefusal[] {
  const param = `${path}.parameters`;
  if (!isObject(schema)) return [invalidType(param, "an object")];
  const wrong = (why: string) =>
    refusal(`Invalid schema for function '${name}': ${why}`, param, "invalid_function_parameters");
  const hasCombiner = rules.refusesTopCombiners === true && combiners.some((key) => key in schema);
  if (schema["type"] !== "object" || hasCombiner) {
    const list = "'oneOf'/'anyOf'/'allOf'/'enum'/'not'";
    return [wrong(`schema must have type 'object' and not have ${list} at the top level.`)];
  }
  if (!isObject(schema["properties"])) return [wrong("object schema missing properties.")];
  if (strict !== true) return [];
  if (rules.strict !== true) return [refusal("'strict' is not known here.", `${path}.strict`)];
  return isStrictSchema(schema) ? [] : [wrong("'required' is required to be supplied and to be an array.")];
}

function findSearchFaults(tool: Json, path: string, rules: ResponsesRules): ResponsesRefusal[] {
  const known = { openai: ["type", "filters", "user_location"], xai: ["type", "filters"], bare: ["type"] };
  const { webSearch } = rules;
  if (webSearch === undefined) return [invalidValue(`${path}.type`, "web_search", ["function"])];
  const faults = unknownKeys(tool, known[webSearch]).map((key) => unknownParameter(`${path}.${key}`));
  const lists =
    webSearch === "xai" ? ["allowed_domains", "excluded_domains"] : ["allowed_domains", "blocked_domains"];
  const filters = objectOf(tool["filters"]);
  faults.push(...unknownKeys(filters, lists).map((key) => unknownParameter(`${path}.filters.${key}`)));
  const most = webSearch === "xai" ? 5 : 100;
  for (const list of lists) {
    const domains = filters[list];
    if (domains === undefined) continue;
    const isShort = Array.isArray(domains) && domains.length > 0 && domains.length <= most;
    if (!isShort) faults.push(invalidType(`${path}.filters.${list}`, `a list of 1 to ${most} domains`));
  }
  if (webSearch === "xai" && Object.keys(filters).length > 1) {
    faults.push(refusal("Only one of allowed_domains and excluded_domains can be set.", `${path}.filters`));
  }
  return faults;
}

function findChoiceFaults(
  request: Json,
  names: readonly string[],
  rules: ResponsesRules,
): ResponsesRefusal[] {
  const choice = request["tool_choice"];
  const words = ["none", "auto", "required"];
  const isHarmony = rules.harmonyChoosesFreely === true && String(request["model"]).includes("gpt-oss");
  if (choice === undefined) return [];
  if (isHarmony && choice !== "auto" && choice !== "none") {
    return [
      {
        ...refusal("Only 'auto' or 'none' tool_choice is supported in response API with Harmony"),
        status: 501,
      },
    ];
  }
  if (typeof choice === "string") {
    return words.includes(choice) ? [] : [invalidValue("tool_choice", choice, words)];
  }
  if (rules.refusesNamedChoice === true) return [invalidType("tool_choice", "a string")];
  const { type, name } = objectOf(choice);
  if (type === "web_search") {
    const has = objectsOf(request["tools"]).some((tool) => tool["type"] === "web_search");
    return has ? [] : [refusal("Tool choice 'web_search' not found in 'tools' parameter.", "tool_choice")];
  }
  if (type !== "function") return [invalidValue("tool_choice.type", type, ["function", "web_search"])];
  if (name === undefined) return [missingParameter("tool_choice.name")];
  const extra = unknownKeys(objectOf(choice), ["type", "name"]);
  if (extra.length > 0) return extra.map((key) => unknownParameter(`tool_choice.${key}`));
  if (names.includes(String(name))) return [];
  return [refusal(`Tool choice 'function' not found in 'tools' parameter: ${String(name)}.`, "tool_choice")];
}
