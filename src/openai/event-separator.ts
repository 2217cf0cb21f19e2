/**
 * One event behind another with no blank line between: a line that ends in a brace, and one that begins what can be no
 * more of the same JSON, which is a comma, a bracket or a blank.
 */
const junctions = /\}[ \t]{0,8}(\r\n?|\n)(?=data:[ \t]{0,8}[^\s,}\]]|(?:event|id|retry):)/g;

/** What may turn out to be the beginning of such a place. */
const beginning = /\}[ \t]{0,8}(?:(?:\r\n?|\n)(?:[a-z]{0,5}|data:[ \t]{0,8}))?$/;
const longestBeginning = 32;

/** Puts the blank lines between events that some servers leave out (rule 4.2), so that none waits for the last. */
export interface EventSeparator {
  /** The text of a stream, piece by piece: it may be cut anywhere. Its last characters may come with the next piece. */
  push(text: string): string;
  /** What is still held when nothing comes any more. */
  finish(): string;
}

/** Creates the separator of one stream. */
export function createEventSeparator(): EventSeparator {
  let held = "";
  return {
    push(piece) {
      let text = held === "" ? piece : held + piece;
      held = "";
      // As nearly every read ends.
      if (!text.endsWith("\n\n")) {
        const end = text.slice(-longestBeginning);
        const at = end.search(beginning);
        if (at !== -1) {
          held = end.slice(at);
          text = text.slice(0, text.length - held.length);
        }
      }
      return text.replace(junctions, "$&$1");
    },
    finish() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}
