import type { SchemaRules } from "./clean-schemas.ts";
import type { RepairScope } from "./repair-scope.ts";

/**
 * A change to a refused request that every wire can make, each in its own form, and the scope in which it is remembered
 * if it helped:
 *
 * | the upstream refuses | repairs | scope |
 * |---|---|---|
 * | a field, whatever its value | `omit-field` | model |
 * | a value, a field beside another one, or an unclear part | `omit-field` | request |
 * | the choice of a tool | `omit-field` of `tool_choice`, `free-tool-choice` | request |
 * | a forced choice while the model thinks | `thinking-off-for-forced-choice` | model |
 * | a number that depends on the model | `cap-output` at its maximum, `raise-output` | model |
 * | a number that depends on the request or the account | `cap-output` to window, rate, money | request |
 * | the form of the output | `loosen-response-format` | model |
 * | the client's schema for it | `loosen-response-format` | request |
 * | thinking, or one level of it | `omit-thinking`, `omit-thinking-level` | model |
 * | images | `omit-images` | model |
 * | a keyword of schemas | `plainer-schemas` | model |
 * | one tool's schema as a strict one | `omit-strict` | model, for the tool of that name |
 * | the client's schema for the output as a strict one | `omit-strict` | request |
 * | reasoning of earlier turns | `rebuild-without-reasoning` | conversation |
 *
 * `ThinkingOff`: how a wire says that thinking is off; without it there is no repair that does so.
 */
export type SharedRepair<ThinkingOff extends object = never> = { scope: RepairScope } & (
  | {
      /** Rule R0: an optional field that the upstream refuses, wherever it occurs. */
      kind: "omit-field";
      field: string;
    }
  | {
      /** Rules R0, 5.2 and 5.3: as many output tokens as the model, the account or the window allows. */
      kind: "cap-output";
      maxTokens: number;
    }
  | {
      /** Rule 1.1 `max_tokens`: at least as much output as the model accepts as a limit. */
      kind: "raise-output";
      minTokens: number;
    }
  | {
      /** Rule 1.3: the upstream does not support the choice. */
      kind: "free-tool-choice";
      as: "auto" | "omitted";
    }
  | ({
      /** Rule 1.3: the choice wins over thinking. */
      kind: "thinking-off-for-forced-choice";
    } & ThinkingOff)
  | {
      /** Rule 1.1: the schema moves into the prompt, and only JSON is required, or nothing. */
      kind: "loosen-response-format";
      to: "json_object" | "prompt";
    }
  | {
      /** Rule R0: the model cannot think, and thinking is no longer requested. */
      kind: "omit-thinking";
    }
  | {
      /** Rule R0: the model does not know this level of thinking, so its default is used. */
      kind: "omit-thinking-level";
      level: string;
    }
  | {
      /** Rule 2.2: text in place of images, which the model cannot see. */
      kind: "omit-images";
    }
  | {
      /** Rule 1.3.1: schemas without the parts that the upstream does not support. */
      kind: "plainer-schemas";
      rules: SchemaRules;
    }
  | {
      /** Rules 1.1 and 1.3: one schema stays but is no longer strict: a tool's, by its name, or the output's. */
      kind: "omit-strict";
      of: string;
    }
  | {
      /** Rule 6.4: the caller builds the request again. */
      kind: "rebuild-without-reasoning";
      emptyReasoningAs?: "";
    }
);

/** A short description of the repair, for the log. */
export function describeSharedRepair(repair: SharedRepair<object>): string {
  switch (repair.kind) {
    case "omit-field":
      return `left out ${repair.field}, which the upstream ${repair.scope === "model" ? "does not take" : "refused this time"}`;
    case "cap-output":
      return `lowered the output limit to ${repair.maxTokens}`;
    case "raise-output":
      return `raised the output limit to ${repair.minTokens}`;
    case "free-tool-choice":
      return "left the choice of a tool to the model, as the upstream refused this one";
    case "thinking-off-for-forced-choice":
      return "switched thinking off, with which the model takes no forced tool choice";
    case "loosen-response-format":
      return `put the output schema into the prompt (${repair.to})`;
    case "omit-thinking":
      return "did not ask for thinking, which the model does not know";
    case "omit-thinking-level":
      return `named no level of thinking, as the model does not know ${repair.level}`;
    case "omit-images":
      return "left out images, which the model does not accept";
    case "plainer-schemas":
      return `left out of schemas what the upstream cannot work with (${repair.rules})`;
    case "omit-strict":
      return `did not call the schema of ${repair.of} strict`;
    case "rebuild-without-reasoning":
      return "left out reasoning of earlier turns, which the upstream refused";
  }
}

/** The key of a repair: of two with the same key the later one counts. */
export function sharedRepairKey(repair: SharedRepair<object>): string {
  switch (repair.kind) {
    case "omit-field":
      return `${repair.kind} ${repair.field}`;
    case "omit-thinking-level":
      return `${repair.kind} ${repair.level}`;
    case "plainer-schemas":
      return `${repair.kind} ${repair.rules}`;
    case "omit-strict":
      return `${repair.kind} ${repair.of}`;
    default:
      return repair.kind;
  }
}

/** The trait that a refusal with this repair was about, or null if numbers or one request are at fault. */
export function sharedRefusedTrait(repair: SharedRepair<object>): string | null {
  switch (repair.kind) {
    case "omit-field":
      return repair.field;
    case "loosen-response-format":
      return `response_format ${repair.to === "prompt" ? "json_object" : "json_schema"}`;
    case "omit-thinking":
      return "thinking";
    case "omit-thinking-level":
      return `thinking level ${repair.level}`;
    case "omit-images":
      return "image";
    case "thinking-off-for-forced-choice":
      return "forced choice while thinking";
    case "plainer-schemas":
    case "omit-strict":
    case "cap-output":
    case "raise-output":
    case "free-tool-choice":
    case "rebuild-without-reasoning":
      return null;
  }
}

/** Whether a repair lowers the output limit. */
export function lowersOutput({ kind }: { kind: string }): boolean {
  return kind === "cap-output";
}
