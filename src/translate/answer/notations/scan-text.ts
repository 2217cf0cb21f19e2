/** The position of the first character from `at` on that is no blank. */
export function skipBlanks(text: string, at: number): number {
  let position = at;
  while (position < text.length && text.charCodeAt(position) <= 0x20) position += 1;
  return position;
}

/** What stands before a closing tag, and where the next thing begins. */
export interface Closed {
  text: string;
  next: number;
}

/**
 * The text from `at` to the first `tag` behind which, blanks aside, one of `followers` stands: what is written into a
 * file may hold the tag itself. The end of all is a follower where `mayEnd` says so. Null when there is none.
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

/** What stands between the beginning and the end of a text, or null when it does not begin and end so. */
export function between(text: string, begin: string, end: string): string | null {
  const isWhole = text.length >= begin.length + end.length && text.startsWith(begin) && text.endsWith(end);
  return isWhole ? text.slice(begin.length, text.length - end.length) : null;
}
