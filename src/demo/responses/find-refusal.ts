import { type Refusal, refuse } from "../reply.ts";
import type { ReceivedItem } from "./received-responses-request.ts";

/** The member of a body that a schema refuses. */
interface Issue {
  /** The way to it: names and positions. */
  path: readonly PropertyKey[];
  code?: string | undefined;
  message: string;
  /** The least number that is allowed. */
  minimum?: number | bigint | undefined;
  /** What stands there. */
  input?: unknown;
}

/** The types of part that a message's content may have. */
const partTypesOf: Readonly<Record<string, readonly string[]>> = {
  assistant: ["output_text", "refusal"],
  user: ["input_text", "input_image", "input_file"],
  system: ["input_text"],
  developer: ["input_text"],
};

/** The refusal of a member with the wrong form, in OpenAI's words where they are known. */
export function refuseIssue({ path, code, message, minimum, input }: Issue): Refusal {
  const param = nameOf(path);
  if (input === undefined)
    return refuse(`Missing required parameter: '${param}'.`, param, "missing_required_parameter");
  if (code === "too_small" && typeof input === "number") {
    const text = `Invalid '${param}': integer below minimum value. Expected a value >= ${minimum}, but got ${input} instead.`;
    return refuse(text, param, "integer_below_min_value");
  }
  return refuse(`Invalid '${param}': ${message}.`, param);
}

/** The refusal of items each of which has the right form, or null if they may stand together. */
export function findItemRefusal(items: readonly ReceivedItem[]): Refusal | null {
  const open = new Set<string>();
  for (const [index, item] of items.entries()) {
    const refusal = findPartRefusal(item, index);
    if (refusal !== null) return refusal;
    if (item.type === "function_call") open.add(item.call_id);
    if (item.type === "function_call_output" && !open.delete(item.call_id)) {
      const text = `No tool call found for function call output with call_id ${item.call_id}.`;
      return refuse(text, "input");
    }
  }
  const [unanswered] = open;
  return unanswered === undefined
    ? null
    : refuse(`No tool output found for function call ${unanswered}.`, "input");
}

function findPartRefusal(item: ReceivedItem, index: number): Refusal | null {
  if (item.type !== "message" || typeof item.content === "string") return null;
  const known = partTypesOf[item.role] ?? [];
  const position = item.content.findIndex(({ type }) => !known.includes(type));
  if (position === -1) return null;
  const values = known.map((type) => `'${type}'`);
  const supported =
    values.length === 1
      ? `Supported value is: ${values[0]}`
      : `Supported values are: ${values.slice(0, -1).join(", ")} and ${values.at(-1)}`;
  const text = `Invalid value: '${item.content[position]?.type}'. ${supported}.`;
  return refuse(text, `input[${index}].content[${position}]`, "invalid_value");
}

/** `input[3].content`, as OpenAI writes the way to a member; null for the body itself. */
function nameOf(path: readonly PropertyKey[]): string | null {
  let name = "";
  for (const step of path) {
    if (typeof step === "number") name += `[${step}]`;
    else if (typeof step === "string") name += name === "" ? step : `.${step}`;
  }
  return name || null;
}
