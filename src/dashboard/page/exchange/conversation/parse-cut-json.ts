/** What JSON says, and whether its end was missing. */
export interface ParsedJson {
  readonly value: unknown;
  readonly isCut: boolean;
}

/** Parses JSON whose end may be missing: what was begun is closed where it ends. Null if it is no JSON at all. */
export function parseCutJson(text: string): ParsedJson | null {
  const whole = parse(text);
  if (whole !== null) return { ...whole, isCut: false };
  for (const closed of closeJson(text)) {
    const parsed = parse(closed);
    if (parsed !== null) return { ...parsed, isCut: true };
  }
  return null;
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** The text with what is open closed: at its very end, and else behind its last whole value. */
function closeJson(text: string): string[] {
  const open: string[] = [];
  let isInText = false;
  let wholeEnd = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isInText) {
      if (character === "\\") at += 1;
      else if (character === '"') isInText = false;
      continue;
    }
    if (character === '"') {
      isInText = true;
      continue;
    }
    if (character === "{" || character === "[") open.push(character === "{" ? "}" : "]");
    else if (character === "}" || character === "]") open.pop();
    else if (character !== ",") continue;
    wholeEnd = character === "," ? at : at + 1;
  }
  if (open.length === 0) return [];
  // Nothing was opened or closed behind the last whole value.
  const closing = open.toReversed().join("");
  const closed = text.slice(0, wholeEnd) + closing;
  if (!isInText) return [text + closing, closed];
  // A long text that was cut within is worth keeping: that is where most of the bytes are. An escape may be cut too.
  const kept = text.replace(/\\u[0-9a-f]{0,3}$/i, "").replace(/(?<=(?:^|[^\\])(?:\\\\){0,20})\\$/, "");
  return [`${kept}"${closing}`, closed];
}
