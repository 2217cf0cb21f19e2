import { isForcedChoice } from "./forced-choice.ts";
import type { SharedRepair } from "./shared-repair.ts";

/** The object without a member; the same object if it has none of that name. */
export function without<Type extends object>(object: Type, member: string): Type {
  if (!Object.hasOwn(object, member)) return object;
  const copy = { ...object };
  Reflect.deleteProperty(copy, member);
  return copy;
}

/** The values as `change` returns them; the same list if it returns each as it is. */
export function mapChanged<Value>(values: Value[], change: (value: Value) => Value): Value[] {
  const changed = values.map(change);
  return changed.every((value, index) => value === values[index]) ? values : changed;
}

/** The request with the output limit of a repair in place of its own in `field`; the same object if that changes nothing. */
export function limitOutput<Field extends string, Body extends { [Name in Field]?: number }>(
  sent: Body,
  field: Field,
  repair: SharedRepair & { kind: "cap-output" | "raise-output" },
): Body {
  const asked: number | undefined = sent[field];
  if (asked === undefined) return sent;
  const limited =
    repair.kind === "cap-output" ? Math.min(asked, repair.maxTokens) : Math.max(asked, repair.minTokens);
  return limited === asked ? sent : { ...sent, [field]: limited };
}

/** The request without its forced choice of a tool; the same object if it forces none. */
export function freeToolChoice<Body extends { tool_choice?: unknown }>(
  sent: Body,
  as: "auto" | "omitted",
): Body {
  if (!isForcedChoice(sent.tool_choice)) return sent;
  return as === "auto" ? { ...sent, tool_choice: "auto" } : without(sent, "tool_choice");
}
