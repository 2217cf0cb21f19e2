import { isJsonObject } from "../../../json/json-value.ts";
import { parseSharedRepair, readName } from "../../../translate/refusals/parse-shared-repair.ts";
import type { ResponsesRepair } from "./repair.ts";

/** The repair that was kept for a model; null if it is none that this version knows. */
export function parseRepair(value: unknown): ResponsesRepair | null {
  if (!isJsonObject(value)) return null;
  const scope = "model";
  const { kind } = value;
  switch (kind) {
    case "thinking-off-for-forced-choice": {
      const level = readName(value, "level");
      return level === null ? null : { kind, level, scope };
    }
    case "other-thinking-level": {
      const [level, as] = [readName(value, "level"), readName(value, "as")];
      return level === null || as === null ? null : { kind, level, as, scope };
    }
    case "omit-include": {
      const included = readName(value, "value");
      return included === null ? null : { kind, value: included, scope };
    }
    case "with-reasoning-ids":
    case "newest-reasoning-only":
    case "without-encrypted":
    case "instructions-into-input":
      return { kind, scope };
    default:
      return parseSharedRepair(value);
  }
}
