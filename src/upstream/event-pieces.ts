/**
 * Most lines and reads of one event, each of which costs some 40 bytes besides its text: a long event has a hundred.
 */
export const mostEventPieces = 500_000;

/** A line that adds to the data of an event. */
const dataLine = /(?:^|[\r\n])data/g;

/**
 * Counts the pieces of the incomplete event. Its length alone does not limit its memory: a hundred million characters
 * may be seventeen million empty lines.
 */
export interface EventPieces {
  /** Adds the text of a read that completed no event. Returns false if the event has more pieces than allowed. */
  add(text: string): boolean;
  /** Notes the end of an event. */
  end(): void;
}

/** Creates the counter of one stream. */
export function createEventPieces(): EventPieces {
  let pieces = 0;
  return {
    add(text) {
      // If the text ends in a blank line, nothing is pending, as after a comment.
      if (/(?:\n\n|\r\r|\r\n\r\n)$/.test(text.slice(-4))) pieces = 0;
      else pieces += 1 + (text.match(dataLine)?.length ?? 0);
      return pieces <= mostEventPieces;
    },
    end() {
      pieces = 0;
    },
  };
}
