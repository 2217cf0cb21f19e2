import { escapeControlCharacters } from "../logging/escape-control-characters.ts";
import type { RecordReader } from "../record/record-reader.ts";
import type { RecordedExchange } from "../record/recorded-request.ts";
import { CommandError } from "./command-error.ts";
import { newestOf, readFilterTerms } from "./read-record.ts";

type Asked = Pick<RecordReader, "find" | "list">;

/**
 * The exchange that a user names: `last`, `last-error`, an id, or the beginning of one, also without what all ids begin
 * with, as the list shows them.
 * @throws CommandError if there is none, or more than one
 */
export async function findExchange(reader: Asked, wanted: string): Promise<RecordedExchange> {
  const id = wanted === "last" || wanted === "last-error" ? await findLast(reader, wanted) : wanted;
  const found = (await reader.find(id)) ?? (await reader.find(`req_${id}`));
  if (found !== null) return found;
  const name = escapeControlCharacters(wanted).slice(0, 60);
  throw new CommandError(
    (await countMatches(reader, id)) > 1
      ? `Several requests have an id that begins with ${name}. Give more of it.`
      : `There is no request ${name} in the record. List them: claude-proxy logs`,
    1,
  );
}

async function findLast(reader: Asked, which: "last" | "last-error"): Promise<string> {
  const filter = await readFilterTerms(which === "last" ? [] : ["is:error"]);
  const [newest] = await reader.list(newestOf(filter, 1));
  if (newest !== undefined) return newest.requestId;
  throw new CommandError(
    which === "last" ? "Nothing is recorded yet." : "No request in the record has failed.",
    1,
  );
}

async function countMatches(reader: Asked, id: string): Promise<number> {
  const { quoteValue } = await import("../record/filter/split-terms.ts");
  if (id === "") return 0;
  const counts = [id, `req_${id}`].map(async (start) => {
    const filter = await readFilterTerms([`id:${quoteValue(start)}`]);
    return (await reader.list(newestOf(filter, 2))).length;
  });
  return Math.max(...(await Promise.all(counts)));
}
