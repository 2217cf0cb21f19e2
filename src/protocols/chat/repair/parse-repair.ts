import { isJsonObject } from "../../../json/json-value.ts";
import { parseSharedRepair } from "../../../translate/refusals/parse-shared-repair.ts";
import type { ChatRepair } from "./repair.ts";

const limitFields = ["max_tokens", "max_completion_tokens"] as const;
const thinkingForms = ["openrouter", "effort", "qwen", "thinking", "minimax"] as const;

/** The repair that was kept for a model; null if it is none that this version knows. */
export function parseRepair(value: unknown): ChatRepair | null {
  if (!isJsonObject(value)) return null;
  const scope = "model";
  const { kind } = value;
  switch (kind) {
    case "rename-output-limit": {
      const field = limitFields.find((known) => known === value["field"]);
      return field === undefined ? null : { kind, field, scope };
    }
    case "thinking-off-for-forced-choice": {
      const form = thinkingForms.find((known) => known === value["form"]);
      return form === undefined ? null : { kind, form, scope };
    }
    case "effort-none-with-tools":
    case "assistant-between-tool-and-user":
    case "omit-empty-parameters":
    case "short-tool-ids":
    case "one-call-a-message":
    case "system-into-user":
      return { kind, scope };
    default:
      return parseSharedRepair(value);
  }
}
