import { isPrintable } from "./escape-control-characters.ts";
import type { RequestRecord } from "./request-record.ts";

/** Longest text of a record, in characters. Names of models and of fields are much shorter. */
const longestText = 256;
/** Longest sentence: an error's message, the circumstances of an event. */
const longestSentence = 2_000;
/** Most entries of a list. */
const mostEntries = 50;

/** Text beyond this is not even searched for keys: no key can begin in the kept part and end after this. */
const longestSearched = 65_536;

/** The members with text that may come from outside. Most are the same as in the record before. */
const repeatedMembers = [
  "method",
  "path",
  "client",
  "clientModel",
  "upstreamModel",
  "upstream",
  "stopReason",
  "errorType",
  "phase",
  "causeCode",
  "sessionId",
] as const satisfies readonly (keyof RequestRecord)[];

const textMembers = [...repeatedMembers, "upstreamRequestId"] as const;

const listMembers = ["dropped", "repairs", "warnings"] as const satisfies readonly (keyof RequestRecord)[];

type Redact = (text: string) => string;

/** Keys are taken out before the cut: otherwise the beginning of a cut key would stay. */
function cutText(text: string, longest: number, redact: Redact): string {
  if (text.length <= longest) return text;
  return `${redact(text.slice(0, longestSearched)).slice(0, longest)}… (${text.length} characters)`;
}

function cutList(list: readonly string[], redact: Redact): readonly string[] {
  const kept = list.slice(0, mostEntries).map((entry) => cutText(entry, longestText, redact));
  return list.length > mostEntries ? [...kept, `and ${list.length - mostEntries} more`] : kept;
}

/** More than four sends and the places that are left out come to; only the models of these are from outside. */
const mostAttempts = 32;

function cutAttempts(tried: RequestRecord["tried"], redact: Redact): RequestRecord["tried"] {
  return tried
    .slice(-mostAttempts)
    .map((one) => ({ ...one, model: cutText(one.model, longestText, redact) }));
}

/** Most texts that are remembered as safe; then the memory starts anew. Models and sessions come from clients. */
const mostKnownTexts = 500;

function isOrdinary(record: RequestRecord): boolean {
  return (
    textMembers.every((name) => (record[name]?.length ?? 0) <= longestText) &&
    (record.errorMessage?.length ?? 0) <= longestSentence &&
    record.tried.length <= mostAttempts &&
    record.tried.every(({ model }) => model.length <= longestText) &&
    listMembers.every((name) => {
      const list = record[name];
      return list.length <= mostEntries && list.every((entry) => entry.length <= longestText);
    })
  );
}

/**
 * Bounds what a client or an upstream can put into a record: 256 characters of a text, 2,000 of the error's message, 50
 * entries of a list. Says how much is left out.
 * @param redact takes keys out of a text
 * @returns the record itself if nothing in it is too long
 */
function boundRecord(record: RequestRecord, redact: Redact): RequestRecord {
  if (isOrdinary(record)) return record;
  const cut = (name: (typeof textMembers)[number]) => {
    const text = record[name];
    return [name, typeof text === "string" ? cutText(text, longestText, redact) : text] as const;
  };
  return {
    ...record,
    ...Object.fromEntries(textMembers.map(cut)),
    ...Object.fromEntries(listMembers.map((name) => [name, cutList(record[name], redact)] as const)),
    tried: cutAttempts(record.tried, redact),
    errorMessage: record.errorMessage === null ? null : cutText(record.errorMessage, longestSentence, redact),
  };
}

/**
 * Whether the texts from outside contain nothing to take out or to escape. All other members are our own, and searching
 * the two lines of each request takes longer than searching these texts.
 */
function isPlainRecord(record: RequestRecord, redact: Redact): boolean {
  let texts = record.errorMessage ?? "";
  for (const name of textMembers) texts += ` ${record[name] ?? ""}`;
  for (const name of listMembers) for (const entry of record[name]) texts += ` ${entry}`;
  for (const { model } of record.tried) texts += ` ${model}`;
  return isPlainText(texts, redact);
}

function isPlainText(text: string, redact: Redact): boolean {
  return isPrintable(text) && redact(text) === text;
}

/** A record within its bounds. */
export interface BoundRecord {
  readonly record: RequestRecord;
  /** Nothing in it has to be taken out or escaped, so that its lines need not be searched. */
  readonly isPlain: boolean;
}

/**
 * Creates a function that bounds records and searches their texts. Nearly every text of a record was in the one before,
 * too: the path, the models, the dropped fields. Texts that were short and plain are not searched again.
 * @param redact takes keys out of a text
 */
export function createRecordBounds(redact: Redact): (record: RequestRecord) => BoundRecord {
  const known = new Set<string>();
  const isKnown = (text: string | null): boolean => text === null || known.has(text);
  const isKnownList = (list: readonly string[]): boolean => list.length <= mostEntries && list.every(isKnown);
  const isPlainId = (id: string | null): boolean =>
    id === null || (id.length <= longestText && isPlainText(id, redact));
  // Names each member, because this runs for every request, and a loop over a list of names takes five times as long.
  const isAllKnown = (record: RequestRecord): boolean =>
    isKnown(record.method) &&
    isKnown(record.path) &&
    isKnown(record.client ?? null) &&
    isKnown(record.clientModel) &&
    isKnown(record.upstreamModel) &&
    isKnown(record.upstream) &&
    isKnown(record.stopReason) &&
    isKnown(record.errorType) &&
    isKnown(record.phase) &&
    isKnown(record.causeCode) &&
    isKnown(record.sessionId) &&
    isKnownList(record.dropped) &&
    isKnownList(record.repairs) &&
    isKnownList(record.warnings) &&
    record.tried.length <= mostAttempts &&
    record.tried.every(({ model }) => isKnown(model)) &&
    record.errorMessage === null &&
    isPlainId(record.upstreamRequestId);
  const learn = (record: RequestRecord): void => {
    if (known.size > mostKnownTexts) known.clear();
    for (const name of repeatedMembers) if (typeof record[name] === "string") known.add(record[name]);
    for (const name of listMembers) for (const entry of record[name]) known.add(entry);
    for (const { model } of record.tried) known.add(model);
  };

  return (unbound) => {
    if (isAllKnown(unbound)) return { record: unbound, isPlain: true };
    const record = boundRecord(unbound, redact);
    const isPlain = isPlainRecord(record, redact);
    if (isPlain && record === unbound) learn(record);
    return { record, isPlain };
  };
}

/** Bounds a sentence to 2,000 characters. @returns the text itself if it is not longer */
export function boundSentence(text: string, redact: Redact): string {
  return cutText(text, longestSentence, redact);
}

/**
 * Bounds one circumstance of an event to 2,000 characters; other values than text are measured as JSON.
 * @returns the value itself if it is not too long, or has no JSON form: its writer will find that out
 */
export function boundValue(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return boundSentence(value, redact);
  try {
    const json = JSON.stringify(value) ?? "";
    return json.length <= longestSentence ? value : boundSentence(json, redact);
  } catch {
    // Circular, or with a bigint inside.
    return value;
  }
}
