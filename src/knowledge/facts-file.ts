import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { ModelFacts } from "../config/file-config.ts";
import { isMissingFile, readOwnFile } from "../files/read-own-file.ts";
import { removeLeftovers, replaceFile } from "../files/replace-file.ts";
import { isFaultOfContent, setAside } from "../files/set-aside.ts";
import { withLock } from "../files/with-lock.ts";
import { isJsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";
import {
  anyModel,
  type FactsByModel,
  mostModels,
  noFacts,
  readBoolean,
  readId,
  readName,
  readPrice,
  readTokens,
} from "./facts.ts";

/** What an upstream said of its models, and when. */
export interface FetchedList {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly models: FactsByModel;
}

/** By the address of the upstream. */
export type FetchedLists = ReadonlyMap<string, FetchedList>;

export type WarnOfFile = (message: string, cause: unknown) => void;

const formatVersion = 1;
const mostBytes = 4 * 1024 * 1024;
/** Lists that are kept, the newest ones: a person has a handful of upstreams. */
const mostLists = 50;

/**
 * Reads the lists; invalid entries are left out. Empty if there is no file, if the system cannot read it, and if it has to
 * be set aside, which is told. Never rejects.
 */
export async function readFactsFile(filePath: string, warn: WarnOfFile): Promise<FetchedLists> {
  try {
    return parseLists(readOwnFile(filePath, mostBytes));
  } catch (error) {
    if (isMissingFile(error)) return new Map();
    if (isFaultOfContent(error)) await setAside(filePath);
    warn(`Cannot use ${filePath}; what upstreams say of their models is asked anew.`, error);
    return new Map();
  }
}

/** Adds a list to the file. Others may do so at the same time. Never rejects. */
export async function keepList(
  filePath: string,
  [address, list]: readonly [string, FetchedList],
  warn: WarnOfFile,
): Promise<void> {
  try {
    await mkdir(dirname(filePath), { recursive: true, mode: 0o700 });
    await removeLeftovers(filePath);
    await withLock(`${filePath}.lock`, async () => {
      const lists = new Map(await readFactsFile(filePath, warn));
      lists.set(address, list);
      await replaceFile(filePath, formatLists(lists));
    });
  } catch (error) {
    warn(`Cannot write ${filePath}; what upstreams say of their models is kept in memory only.`, error);
  }
}

function formatLists(lists: FetchedLists): string {
  const sorted = [...lists].sort(([, one], [, other]) => other.atMs - one.atMs).slice(0, mostLists);
  const format = (kept: typeof sorted) => {
    const upstreams = kept.map(([address, { atMs, models }]) => [
      address,
      {
        at: new Date(atMs).toISOString(),
        models: Object.fromEntries([...models].map(([id, facts]) => [id, withoutNulls(facts)])),
      },
    ]);
    return `${JSON.stringify({ version: formatVersion, upstreams: Object.fromEntries(upstreams) })}\n`;
  };
  let text = format(sorted);
  // The oldest lists go until the rest can be read again.
  while (Buffer.byteLength(text) > mostBytes && sorted.length > 0) {
    sorted.pop();
    text = format(sorted);
  }
  return text;
}

function withoutNulls(facts: ModelFacts): Partial<ModelFacts> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

function parseLists(text: string): FetchedLists {
  const file = parseJson(text);
  if (!isJsonObject(file) || file["version"] !== formatVersion || !isJsonObject(file["upstreams"])) {
    throw new Error("It holds no facts of this version.");
  }
  const lists = new Map<string, FetchedList>();
  for (const [address, list] of Object.entries(file["upstreams"]).slice(0, mostLists)) {
    if (!isJsonObject(list) || !isJsonObject(list["models"])) continue;
    const atMs = typeof list["at"] === "string" ? Date.parse(list["at"]) : Number.NaN;
    if (!Number.isNaN(atMs)) lists.set(address, { atMs, models: parseModels(list["models"]) });
  }
  return lists;
}

function parseModels(models: Readonly<Record<string, unknown>>): FactsByModel {
  const facts = new Map<string, ModelFacts>();
  for (const [id, kept] of Object.entries(models).slice(0, mostModels)) {
    if ((readId(id) !== null || id === anyModel) && isJsonObject(kept)) facts.set(id, parseFacts(kept));
  }
  return facts;
}

function parseFacts(kept: Readonly<Record<string, unknown>>): ModelFacts {
  return {
    ...noFacts,
    window: readTokens(kept["window"]),
    maxOutput: readTokens(kept["maxOutput"]),
    images: readBoolean(kept["images"]),
    pdf: readBoolean(kept["pdf"]),
    tools: readBoolean(kept["tools"]),
    reasoning: readBoolean(kept["reasoning"]),
    price: readPrice(kept["price"], ["input", "output", "cacheRead", "cacheWrite"], false),
    name: readName(kept["name"]),
  };
}
