import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder with recordings of real servers; empty where RECORDINGS_DIR is not set. */
export const recordingsFolder = process.env["RECORDINGS_DIR"] ?? "";

/** The folder with the answers that are written by hand in the manner of those servers. */
export const fixturesFolder = join(import.meta.dir, "../fixtures/manners");

/** `*.chunks.txt` has one chunk of a stream a line, `*.json` is a whole completion. */
export function listRecordings(): string[] {
  if (recordingsFolder === "") return [];
  return readdirSync(recordingsFolder).filter((name) => /\.(chunks\.txt|json)$/.test(name));
}

/** The chunks of a stream, or the one completion of a whole answer. */
export function readAnswer(path: string): object[] {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".json")) return [JSON.parse(text)];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const chunks = path.endsWith(".sse")
    ? lines.flatMap((line) => line.match(/^data: (\{.*)$/)?.[1] ?? [])
    : lines;
  return chunks.map((chunk) => JSON.parse(chunk));
}
