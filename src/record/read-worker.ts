import { openRecordReader } from "./open-record-reader.ts";
import type { ReadMessage, ReadQuestion, ReadReply, ReadValue } from "./read-question.ts";
import { RecordReadError } from "./record-read-error.ts";
import type { ReadNote, RecordReader } from "./record-reader.ts";

/** The thread that reads the record for a server: an entry point of the compiled program of its own. */
declare const self: Worker;

let reader: RecordReader | null = null;

self.onmessage = ({ data }: MessageEvent<ReadMessage>) => {
  if ("place" in data) reader = openRecordReader(data.place);
  else if (reader !== null) void answer(reader, data.id, data.question);
};

async function answer(from: RecordReader, id: number, question: ReadQuestion): Promise<void> {
  const send = (reply: ReadReply) => self.postMessage(reply);
  try {
    const value = await ask(from, question, (note) => send({ id, note }));
    send({ id, value });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ id, error: message, isKnown: error instanceof RecordReadError });
  }
}

function ask(from: RecordReader, { ask, query }: ReadQuestion, note: ReadNote): Promise<ReadValue> {
  switch (ask) {
    case "list":
      return from.list(query, note);
    case "find":
      return from.find(query);
    case "sum":
      return from.sum(query, note);
    case "sessions":
      return from.sessions(query, note);
    case "spent":
      return from.spent(query);
  }
}
