const titleStart = /<title(?:\s[^<>]*)?>/i;
const titleEnd = /<\/title>/i;
const invisible = /<(script|style)\b[\s\S]*?(<\/\1>|$)/gi;
const tag = /<[^<>]*>?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const blankOrControl = /[\s\u0000-\u001f\u007f-\u009f]+/g;

/** Most characters that are searched: enough for the head of a page, and too few for a hostile page to keep us busy. */
const lookedAt = 8192;

/**
 * The first `length` characters of an outside text, fit for one line of a message, without markup and control
 * characters. Of a page, its title or else its words. `""` if nothing readable is in it.
 */
export function plainWords(text: string, length: number): string {
  const start = text.slice(0, lookedAt);
  const isPage = /^\s*(<!|<\?|<[a-z])/i.test(start);
  const readable = isPage ? pageWords(start) : start;
  const words = readable.replace(blankOrControl, " ").trim();
  return words.length <= length ? words : `${words.slice(0, length - 1).trimEnd()}…`;
}

function pageWords(text: string): string {
  const words = titleOf(text).replace(tag, " ");
  return words.trim() === "" ? text.replace(invisible, " ").replace(tag, " ") : words;
}

/** Searches in two steps: a single pattern would read a page of nothing but `<title` to its end from each of them. */
function titleOf(text: string): string {
  const start = titleStart.exec(text);
  if (start === null) return "";
  const rest = text.slice(start.index + start[0].length);
  const end = rest.search(titleEnd);
  return end === -1 ? "" : rest.slice(0, end);
}
