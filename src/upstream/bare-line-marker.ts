const startsJson = /[\r\n][{[]/;
const line = /[^\r\n]*[\r\n]|[^\r\n]+/g;

/**
 * Creates a function that turns lines of bare JSON in an event stream into events of their own; all other text
 * comes back as it is. Some servers write a late error as `{"error":…}` without `data:` (rule 4.2). Call it
 * with the text of one stream, piece by piece: a line may be cut anywhere.
 *
 * The parser could not do it: it drops a cut line that no field name starts without a word.
 */
export function createBareLineMarker(): (text: string) => string {
  let isAtLineStart = true;
  let isInBareLine = false;

  /** `piece` is a line or a part of one. */
  const mark = (piece: string): string => {
    const startsBareLine = isAtLineStart && isJsonStart(piece);
    const isBare = isInBareLine || startsBareLine;
    isAtLineStart = endsLine(piece);
    isInBareLine = isBare && !isAtLineStart;
    if (!isBare) return piece;
    // Blank lines around it, so that it is joined to no other event.
    return `${startsBareLine ? "\ndata:" : ""}${piece}${isAtLineStart ? "\n\n" : ""}`;
  };

  return (text) => {
    if (isInBareLine || (isAtLineStart && isJsonStart(text)) || startsJson.test(text)) {
      return text.replace(line, mark);
    }
    if (text !== "") isAtLineStart = endsLine(text);
    return text;
  };
}

function isJsonStart(text: string): boolean {
  return text.startsWith("{") || text.startsWith("[");
}

function endsLine(text: string): boolean {
  return text.endsWith("\n") || text.endsWith("\r");
}
