import { createHash } from "node:crypto";
import type { ToolTraits } from "../../profiles/model-traits.ts";

/** The function names that OpenAI and most others accept. */
const validName = /^[a-zA-Z0-9_-]{1,64}$/;
const maxLength = 64;
/** Characters that are kept of a long name, before "_" and 8 characters of its hash. */
const keptLength = 55;

/** Returns the name of a tool on the upstream's wire. */
export type ToolNames = (name: string) => string;

/**
 * Creates the names of one request (rule 1.3 `name`). Names that need no change keep their own before any other can be
 * changed into one of them; a hash distinguishes names that would become the same.
 */
export function createToolNames(toolNames: readonly string[], form: ToolTraits["names"]): ToolNames {
  const wireNames = new Map<string, string>();
  const taken = new Set<string>();
  const assign = (name: string): string => {
    const known = wireNames.get(name);
    if (known !== undefined) return known;
    const adapted = adaptName(name, form);
    const wireName = taken.has(adapted) ? withHash(adapted, name) : adapted;
    wireNames.set(name, wireName);
    taken.add(wireName);
    return wireName;
  };
  for (const name of toolNames) if (adaptName(name, form) === name) assign(name);
  for (const name of toolNames) assign(name);
  return assign;
}

function adaptName(name: string, form: ToolTraits["names"]): string {
  const valid = validName.test(name) ? name : name.replace(/[^a-zA-Z0-9_-]/g, "_") || "_";
  const started = form === "no-leading-digit" && /^\d/.test(valid) ? `t_${valid}` : valid;
  return started.length > maxLength ? withHash(started, name) : started;
}

function withHash(adapted: string, name: string): string {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${adapted.slice(0, keptLength)}_${hash}`;
}
