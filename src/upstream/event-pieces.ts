/** Lines and reads of one event, each of which costs some 40 bytes beside its text: a long event has a hundred. */
export const mostEventPieces = 500_000;

/** A line that adds to the data of an event. */
const dataLine = /(?:^|[\r\n])data/g;

/**
 * Counts what the event that is under way was put together from, as its characters alone do not tell what it takes: a
 * hundred million of them may be seventeen million empty lines.
 */
export interface EventPieces {
  /** Takes the text of a read that ended no event. Returns false when the event is of more pieces than may be. */
  add(text: string): boolean;
  /** An event has ended. */
  end(): void;
}

/** Creates the counter of one stream. */
export function createEventPieces(): EventPieces {
  let pieces = 0;
  return {
    add(text) {
      // A blank line at its end leaves nothing under way, as behind a comment.
      if (/(?:\n\n|\r\r|\r\n\r\n)$/.test(text.slice(-4))) pieces = 0;
      else pieces += 1 + (text.match(dataLine)?.length ?? 0);
      return pieces <= mostEventPieces;
    },
    end() {
      pieces = 0;
    },
  };
}
