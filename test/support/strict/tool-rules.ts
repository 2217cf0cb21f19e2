import type { FamilyRules } from "./families.ts";
import { isFunctionName, isObject, type Json, objectOf, objectsOf, unknownKeys } from "./json.ts";
import { findSchemaFaults, isStrictSchema, type SchemaReader } from "./schema-rules.ts";

/** Faults of `tools`, `tool_choice` and `parallel_tool_calls`; `reader` is who reads the schemas. */
export function findToolFaults(chatRequest: Json, rules: FamilyRules, reader: SchemaReader | null): string[] {
  if (!("tools" in chatRequest)) {
    return ["tool_choice", "parallel_tool_calls"]
      .filter((key) => key in chatRequest)
      .map((key) => `${key} without tools`);
  }
  const { tools } = chatRequest;
  if (!Array.isArray(tools) || tools.length === 0) return ["tools must be a list with at least one entry"];
  const faults = tools.flatMap((tool, index) =>
    findFaultsOfTool(objectOf(tool), `tools[${index}]`, rules, reader),
  );
  if (rules.maxTools !== undefined && tools.length > rules.maxTools) {
    faults.push(`${tools.length} tools, at most ${rules.maxTools}`);
  }
  const names = objectsOf(tools).map((tool) => String(objectOf(tool["function"])["name"]));
  faults.push(
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two tools named ${name}`),
  );
  return [...faults, ...findChoiceFaults(chatRequest, names, rules)];
}

function findFaultsOfTool(
  tool: Json,
  path: string,
  rules: FamilyRules,
  reader: SchemaReader | null,
): string[] {
  if (rules.cacheMarks === "anywhere" && String(tool["type"]).startsWith("openrouter:")) return [];
  const faults: string[] = [];
  if (tool["type"] !== "function") faults.push(`${path}.type must be "function"`);
  const extra = unknownKeys(tool, ["type", "function", "cache_control"]);
  const definition = objectOf(tool["function"]);
  const extraInside = unknownKeys(definition, ["name", "description", "parameters", "strict"]);
  faults.push(...extra.map((key) => `${path}.${key} is unknown`));
  faults.push(...extraInside.map((key) => `${path}.function.${key} is unknown`));
  const name = String(definition["name"]);
  if (!isFunctionName(definition["name"])) faults.push(`${path}.function.name "${name}" is invalid`);
  if (rules.refusesLeadingDigit === true && /^\d/.test(name))
    faults.push(`${path}.function.name starts with a digit`);
  if ("description" in definition && typeof definition["description"] !== "string") {
    faults.push(`${path}.function.description must be a string`);
  }
  if ("parameters" in definition) faults.push(...findParameterFaults(definition["parameters"], path, reader));
  if ("strict" in definition && rules.refusesStrict === true)
    faults.push(`${path}.function.strict is unknown`);
  if (definition["strict"] === true && !isStrictSchema(definition["parameters"])) {
    faults.push(`${path}.function.parameters is no schema for strict`);
  }
  return faults;
}

function findParameterFaults(schema: unknown, path: string, reader: SchemaReader | null): string[] {
  if (!isObject(schema)) return [`${path}.function.parameters must be an object`];
  if (schema["type"] !== "object") return [`${path}.function.parameters.type must be "object"`];
  if (!isObject(schema["properties"])) return [`${path}.function.parameters.properties is missing`];
  return reader === null
    ? []
    : findSchemaFaults(schema, reader).map((fault) => `${path}.function.parameters: ${fault}`);
}

function findChoiceFaults(chatRequest: Json, names: readonly string[], rules: FamilyRules): string[] {
  const faults: string[] = [];
  const parallel = chatRequest["parallel_tool_calls"];
  if (parallel !== undefined && typeof parallel !== "boolean")
    faults.push("parallel_tool_calls must be a boolean");
  if (!("tool_choice" in chatRequest)) return faults;
  const choice = chatRequest["tool_choice"];
  const { words, named } = rules.toolChoice ?? { words: ["auto", "none", "required"], named: true };
  if (typeof choice === "string") {
    if (!words.includes(choice)) faults.push(`tool_choice "${choice}" is unknown`);
  } else if (!named || !isObject(choice)) {
    faults.push(`tool_choice must be one of ${words.join(", ")}`);
  } else {
    const name = String(objectOf(choice["function"])["name"]);
    if (choice["type"] !== "function" || !names.includes(name))
      faults.push(`tool_choice names no tool: ${name}`);
  }
  const isForced = choice !== "auto" && choice !== "none";
  // k3 thinks always and takes a call that it may choose.
  const mayChoose = choice === "required" && String(chatRequest["model"]).startsWith("kimi-k3");
  if (rules.refusesForcedChoiceWithThinking === true && isForced && !mayChoose && thinks(chatRequest)) {
    faults.push("Thinking mode does not support this tool_choice");
  }
  return faults;
}

/** Whether a request of a family that thinks by default leaves thinking on. */
export function thinks(chatRequest: Json): boolean {
  return objectOf(chatRequest["thinking"])["type"] !== "disabled" && chatRequest["enable_thinking"] !== false;
}
