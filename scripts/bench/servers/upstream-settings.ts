import { z } from "zod";

/** What the bench's upstream answers to every request from now on, on the wire on which it comes. */
export const upstreamSettingsSchema = z.object({
  /** A whole answer, or a stream. */
  kind: z.enum(["whole", "stream"]),
  /** How many pieces of text or tool arguments the answer has. */
  chunks: z.number().int().positive().default(1),
  /** Characters of each piece. */
  chunkCharacters: z.number().int().positive(),
  /** Milliseconds between two chunks of one stream; 0: as fast as they are taken. */
  paceMs: z.number().nonnegative().default(0),
  /** Over how many tool calls the pieces are spread; 0: they are text. */
  toolCalls: z.number().int().nonnegative().default(0),
});

export type UpstreamSettings = z.input<typeof upstreamSettingsSchema>;
export type FullSettings = z.output<typeof upstreamSettingsSchema>;

/** What it says to every message: how many streams are being written. */
export const upstreamStateSchema = z.object({ open: z.number() });

/** Stands in the last piece of every answer: an answer without it is not one that may be measured. */
export const lastMark = "[last]";

/** Microseconds of a clock that all processes of this machine share. */
export function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** The mark of a chunk that is written now. */
export function encodeTimeMark(): string {
  return `[t=${nowUs()}]`;
}

/** The times at which the chunks in `text` were written. */
export function readTimeMarks(text: string): number[] {
  return [...text.matchAll(/\[t=(\d+)\]/g)].map((match) => Number(match[1]));
}
