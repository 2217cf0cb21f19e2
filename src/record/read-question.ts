import type { RecordFilter } from "./record-filter.ts";
import type { RecordPlace } from "./record-place.ts";
import type { ListQuery, RecordReader, SpentQuery, UsageQuery } from "./record-reader.ts";

/** What a reader can be asked, as it goes to the thread that reads. */
export type ReadQuestion =
  | { readonly ask: "list"; readonly query: ListQuery }
  | { readonly ask: "find"; readonly query: string }
  | { readonly ask: "sum"; readonly query: UsageQuery }
  | { readonly ask: "sessions"; readonly query: { filter: RecordFilter; limit: number } }
  | { readonly ask: "spent"; readonly query: SpentQuery };

/** The value of an answer to such a question. */
export type ReadValue = Awaited<ReturnType<RecordReader[ReadQuestion["ask"]]>>;

/** What the thread sends back: a note may come before the answer. */
export type ReadReply =
  | { readonly id: number; readonly note: string }
  | { readonly id: number; readonly value: ReadValue }
  | { readonly id: number; readonly error: string; readonly isKnown: boolean };

/** What is sent to the thread: first the place of the record, then questions with their numbers. */
export type ReadMessage =
  | { readonly place: RecordPlace }
  | { readonly id: number; readonly question: ReadQuestion };
