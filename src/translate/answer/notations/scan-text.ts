/** The position of the first non-blank character from `at` on. */
export function skipBlanks(text: string, at: number): number {
  let position = at;
  while (position < text.length && text.charCodeAt(position) <= 0x20) position += 1;
  return position;
}

/** The text before a closing tag, and the position where reading continues. */
export interface Closed {
  text: string;
  next: number;
}

/**
 * The text from `at` to the first `tag` that is followed, after blanks, by one of `followers`: text written into a file
 * may contain the tag itself. The end of the text also counts as a follower if `mayEnd` is true. Null if there is none.
 */
export function readUntil(
  text: string,
  at: number,
  tag: string,
  { followers, mayEnd = false }: { followers: readonly string[]; mayEnd?: boolean },
): Closed | null {
  for (let end = text.indexOf(tag, at); end !== -1; end = text.indexOf(tag, end + tag.length)) {
    const next = skipBlanks(text, end + tag.length);
    const isFollowed = followers.some((follower) => text.startsWith(follower, next));
    if (isFollowed || (mayEnd && next === text.length)) return { text: text.slice(at, end), next };
  }
  return null;
}

/** The text between `begin` and `end`, or null if a text does not begin and end with these. */
export function between(text: string, begin: string, end: string): string | null {
  const isWhole = text.length >= begin.length + end.length && text.startsWith(begin) && text.endsWith(end);
  return isWhole ? text.slice(begin.length, text.length - end.length) : null;
}
