import { type Json, objectOf, unknownKeys } from "../../strict/json.ts";
import type { ResponsesRules } from "./responses-families.ts";
import {
  doesNotFit,
  invalidType,
  missingParameter,
  type ResponsesRefusal,
  refusal,
  unknownParameter,
} from "./responses-refusal.ts";

/** Faults of an item of reasoning that comes back. */
export function findReasoningItemFaults(item: Json, path: string, rules: ResponsesRules): ResponsesRefusal[] {
  const own = rules.reasoningIds === true ? ["format", "signature"] : [];
  const keys = ["type", "summary", "encrypted_content", "content", "id", "status", ...own];
  const faults = unknownKeys(item, keys).map((key) => unknownParameter(`${path}.${key}`));
  if (!Array.isArray(item["summary"])) faults.push(missingParameter(`${path}.summary`));
  if (rules.reasoningIds === true && typeof item["id"] !== "string") faults.push(doesNotFit(`${path}.id`));
  const { encrypted_content: blob, content } = item;
  switch (rules.reasoning) {
    case "blob":
      return [...faults, ...findBlobFaults(blob, content, path)];
    case "text":
      if (blob !== undefined) {
        faults.push(refusal("Encrypted content is not supported.", `${path}.encrypted_content`));
      }
      return [...faults, ...findTextFaults(content, path)];
    case "text-as-blob":
      if (content !== undefined) faults.push(refusal("'content' is not read.", `${path}.content`));
      return typeof blob === "string" && blob !== ""
        ? faults
        : [...faults, invalidType(`${path}.encrypted_content`, "text")];
    case "any":
      return blob === undefined ? [...faults, ...findTextFaults(content, path)] : faults;
  }
}

function findBlobFaults(blob: unknown, content: unknown, path: string): ResponsesRefusal[] {
  const faults = content === undefined ? [] : [unknownParameter(`${path}.content`)];
  if (typeof blob === "string" && blob !== "") return faults;
  return [...faults, missingParameter(`${path}.encrypted_content`)];
}

function findTextFaults(content: unknown, path: string): ResponsesRefusal[] {
  const param = `${path}.content`;
  if (!Array.isArray(content) || content.length === 0) return [missingParameter(param)];
  return content.flatMap((part: unknown, index) => {
    const { type, text } = objectOf(part);
    const isText = type === "reasoning_text" && typeof text === "string" && text !== "";
    return isText ? [] : [invalidType(`${param}[${index}]`, "text of reasoning")];
  });
}
