import type { TakenKey } from "./takeover.ts";

/** What manuals write in the place of a key. */
const example =
  /^(?:sk-?)?(?:x{2,}|\.{2,}|…|your[-_].*|<.*>|change-?me|replace.*|dummy(?:-key)?|none|null|key|test|1234)?$/i;

/** What people write for servers that look at no key. */
const localWords =
  /^(?:ollama|lm-?studio|empty|anything|any|no-?key|sk-no-key-required|not-?needed|x|local|fake.*)$/i;

/** Whether the text stands for a key, and is none. */
export function isPlaceholder(text: string, isLocal: boolean): boolean {
  const key = text.trim();
  return example.test(key) || /^sk-(?:your|x{3,})/i.test(key) || (isLocal && localWords.test(key));
}

/**
 * A key that is written as `$NAME` or `${NAME}`, or out in full.
 * @returns null for an empty one
 */
export function readDollarKey(text: string | undefined): TakenKey | null {
  const key = text?.trim() ?? "";
  const name = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/.exec(key);
  const variable = name?.[1] ?? name?.[2];
  if (variable !== undefined) return { variable };
  return key === "" ? null : { secret: key };
}

/** A key that is written as `os.environ/NAME`, or out in full; null for an empty one. */
export function readEnvironKey(text: string | undefined): TakenKey | null {
  const key = text?.trim() ?? "";
  const [, variable] = /^os\.environ\/([A-Za-z_]\w*)$/.exec(key) ?? [];
  if (variable !== undefined) return { variable };
  return key === "" ? null : { secret: key };
}
