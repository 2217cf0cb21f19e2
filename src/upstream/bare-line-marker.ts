const startsJson = /[\r\n][{[]/;
const line = /[^\r\n]*[\r\n]|[^\r\n]+/g;

/**
 * Creates a function that turns lines of bare JSON in an event stream into events of their own; it returns all other
 * text unchanged. Some servers write a late error as `{"error":…}` without `data:` (rule 4.2). Call it with the text of
 * one stream, piece by piece: a line may be cut anywhere. The parser cannot do this: it silently drops a cut line that
 * starts with no field name.
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
    // Blank lines around it, so that it is not joined to another event.
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
