import { createHash } from "node:crypto";
import type { ToolIdForm } from "../../profiles/tool-id-form.ts";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const fitting = { max40: /^[A-Za-z0-9_-]{1,40}$/, max64: /^[A-Za-z0-9_-]{1,64}$/ } as const;

/** Returns the id of a call and its result on the upstream's wire; the same one every time. */
export type ToolIds = (id: string, toolName: string) => string;

/**
 * Creates the ids of one request (rules 2.4.9, 3.5 kimi). They depend on the client's ids and, with form `kimi`, on the
 * order in which they are first requested, so they stay the same as a conversation grows.
 */
export function createToolIds(form: ToolIdForm): ToolIds {
  if (form === "any") return (id) => id;
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return (id, toolName) => {
    const earlier = known.get(id);
    if (earlier !== undefined) return earlier;
    const created = createId(form, id, toolName, known.size, taken);
    known.set(id, created);
    taken.add(created);
    return created;
  };
}

function createId(
  form: Exclude<ToolIdForm, "any">,
  id: string,
  toolName: string,
  callNumber: number,
  taken: ReadonlySet<string>,
): string {
  switch (form) {
    case "kimi":
      return `functions.${toolName}:${callNumber}`;
    case "max40":
    case "max64":
      return fitting[form].test(id) ? id : `call_${sha256(id).toString("hex").slice(0, 24)}`;
    case "strict9": {
      let created = nineCharacters(id);
      for (let attempt = 2; taken.has(created); attempt += 1) created = nineCharacters(`${id}#${attempt}`);
      return created;
    }
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function nineCharacters(text: string): string {
  return Array.from(sha256(text).subarray(0, 9), (byte) => base62.charAt(byte % 62)).join("");
}
