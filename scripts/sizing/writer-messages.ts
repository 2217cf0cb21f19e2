import { z } from "zod";

/** What a writer has to do from now on. */
export const writerOrderSchema = z.object({
  rowsPerSecond: z.number().nonnegative(),
  /** What each request's four messages hold; null for none. */
  bodies: z.string().nullable(),
  /** Caps against which each request reserves and spends: none, two of its client, or also one of everybody. */
  caps: z.enum(["none", "own", "everybody"]),
});
export type WriterOrder = z.infer<typeof writerOrderSchema>;

/** What a writer says of itself every second; counts since its start, times of the last second. */
export const writerStateSchema = z.object({
  added: z.number(),
  /** Rows that the database does not have yet. */
  waiting: z.number(),
  lost: z.number(),
  reserved: z.number(),
  /** Reservations that had no answer within the time that a request waits for one. */
  missed: z.number(),
  reserveMs: z.array(z.number()),
});
export type WriterState = z.infer<typeof writerStateSchema>;
