import { type Json, objectOf, objectsOf, unknownKeys } from "../../strict/json.ts";
import type { ResponsesRules } from "./responses-families.ts";
import {
  invalidValue,
  type ResponsesRefusal,
  refusal,
  unknownParameter,
  unsupportedParameter,
} from "./responses-refusal.ts";
import { saysJson } from "./top-level-faults.ts";

/** Faults of `reasoning`, and of the fields that a model takes or not because it reasons. */
export function findModelFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  const model = String(request["model"]);
  return [
    ...findReasoningFaults(request, rules),
    ...findLevelFaults(request, rules, model),
    ...(rules.models === "openai" ? findSamplingFaults(request, model) : []),
    ...findJsonModeFaults(request),
  ];
}

/** Whether the model reasons for this request. */
export function reasons(request: Json, rules: ResponsesRules): boolean {
  const model = String(request["model"]);
  const { effort } = objectOf(request["reasoning"]);
  if (effort === "none") return false;
  if (rules.models !== "openai") return true;
  const levels = openaiLevels(model);
  // From 5.1 on a model thinks when it is asked to.
  return levels.length > 0 && (effort !== undefined || !levels.includes("none"));
}

/** The levels of OpenAI's model, from the lowest; none for one that does not reason. */
function openaiLevels(model: string): string[] {
  if (/-(chat|search)/.test(model)) return [];
  if (/^o\d/.test(model) || /^gpt-5-codex/.test(model)) return ["low", "medium", "high"];
  if (/^gpt-5(?![.\d])/.test(model)) return ["minimal", "low", "medium", "high"];
  const minor = /^gpt-5\.(\d+)/.exec(model)?.[1];
  const version =
    minor === undefined ? Number(/^gpt-(\d+)/.exec(model)?.[1] ?? 0) * 100 : 500 + Number(minor);
  if (version <= 500) return [];
  const levels = ["none", "low", "medium", "high"];
  if (version >= 502 || model.startsWith("gpt-5.1-codex-max")) levels.push("xhigh");
  if (version >= 506) levels.push("max");
  return model.startsWith("gpt-6-astra") ? levels.slice(1) : levels;
}

/** The levels of xAI's model; none for one that refuses the field. */
function xaiLevels(model: string): string[] {
  if (/^grok-4\.3/.test(model)) return ["none", "low", "medium", "high"];
  if (/^grok-4\.5/.test(model)) return ["low", "medium", "high"];
  return /^grok-(4\.[6-9]|[5-9])/.test(model) ? ["low", "medium", "high", "xhigh"] : [];
}

function findReasoningFaults(request: Json, rules: ResponsesRules): ResponsesRefusal[] {
  if (!("reasoning" in request)) return [];
  const reasoning = objectOf(request["reasoning"]);
  const faults = unknownKeys(reasoning, ["effort", "summary"]).map((key) =>
    unknownParameter(`reasoning.${key}`),
  );
  const { effort, summary } = reasoning;
  if (effort === undefined && summary === undefined)
    faults.push(refusal("'reasoning' is empty.", "reasoning"));
  if (summary === undefined) return faults;
  if (rules.summary !== true)
    faults.push(refusal("'reasoning.summary' means nothing here.", "reasoning.summary"));
  if (!["auto", "concise", "detailed"].includes(String(summary))) {
    faults.push(invalidValue("reasoning.summary", summary, ["auto", "concise", "detailed"]));
  }
  return faults;
}

function findLevelFaults(request: Json, rules: ResponsesRules, model: string): ResponsesRefusal[] {
  const { effort, summary } = objectOf(request["reasoning"]);
  const param = "reasoning.effort";
  if (effort === undefined && summary === undefined) return [];
  const all = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
  if (rules.models === undefined) {
    return effort === undefined || all.includes(String(effort)) ? [] : [invalidValue(param, effort, all)];
  }
  const levels = rules.models === "openai" ? openaiLevels(model) : xaiLevels(model);
  if (levels.length === 0) {
    const isRefused = effort !== undefined || rules.models === "openai";
    return isRefused ? [{ ...unsupportedParameter(param), code: "unsupported_parameter" }] : [];
  }
  if (effort !== undefined && !levels.includes(String(effort))) {
    const list = levels.map((level) => `'${level}'`).join(", ");
    const message = `Unsupported value: '${String(effort)}' is not supported with the '${model}' model. Supported values are: ${list}.`;
    return [refusal(message, param, "unsupported_value")];
  }
  const searches = objectsOf(request["tools"]).some(({ type }) => type === "web_search");
  if (effort !== "minimal" || !searches) return [];
  return [
    refusal("The following tools cannot be used with reasoning.effort 'minimal': web_search.", "tools"),
  ];
}

function findSamplingFaults(request: Json, model: string): ResponsesRefusal[] {
  const levels = openaiLevels(model);
  const { effort } = objectOf(request["reasoning"]);
  const mayChoose = levels.length === 0 || (levels.includes("none") && effort === "none");
  if (mayChoose) return [];
  return ["temperature", "top_p"].filter((name) => name in request).map(unsupportedParameter);
}

function findJsonModeFaults(request: Json): ResponsesRefusal[] {
  const { type } = objectOf(objectOf(request["text"])["format"]);
  if (type !== "json_object" || saysJson(request["input"])) return [];
  const message =
    "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.";
  return [refusal(message, "input")];
}
