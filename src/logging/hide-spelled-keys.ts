import { isJsonObject } from "../json/json-value.ts";
import { parseJson } from "../json/parse-json.ts";

type Redact = (text: string) => string;

/** Lines up to an empty one: an event. A line ends as the standard of event streams says. */
const eventLines = /[^\r\n]+(?:(?:\r\n|\r|\n)[^\r\n]+)*/g;
const lineEnd = /\r\n|\r|\n/;
const dataField = /^\uFEFF?data:/;

/** Numbers that say to which text a piece belongs. Others, such as those of the events, are different in each piece. */
const placeNumbers = ["index", "output_index", "content_index", "summary_index"] as const;

/**
 * Takes out of a stream of events the keys that are spelled over several of them: whoever joins the pieces would read
 * them. The text of such pieces moves into the first of them. Returns the text itself if there is nothing to take out.
 */
export function hideSpelledKeys(text: string, redact: Redact): string {
  if (!/^\uFEFF?(?:data|event):/m.test(text)) return text;
  const hidden = findSpelled(parseEvents(text), redact);
  return hidden.size === 0 ? text : text.replace(eventLines, (event) => hideInEvent(event, hidden));
}

/** Does the same for what the events of a stream hold, in their order; gives the same list if there is nothing to do. */
export function hideSpelledInItems(items: readonly unknown[], redact: Redact): readonly unknown[] {
  const hidden = findSpelled(items, redact);
  return hidden.size === 0 ? items : items.map((item) => hidePieces(item, hidden) ?? item);
}

/** The texts that hold a key when they are joined, by their path, with what may be shown of them. */
function findSpelled(items: Iterable<unknown>, redact: Redact): Map<string, string> {
  const pieces = new Map<string, string[]>();
  for (const item of items) {
    mapTexts(item, "", (piece, path) => {
      const found = pieces.get(path);
      if (found === undefined) pieces.set(path, [piece]);
      else found.push(piece);
      return piece;
    });
  }
  const hidden = new Map<string, string>();
  for (const [path, parts] of pieces) {
    const whole = parts.join("");
    const clean = redact(whole);
    if (clean !== whole) hidden.set(path, clean);
  }
  return hidden;
}

/** The event without what is hidden: the first piece of a text gets all that may be shown of it. */
function hideInEvent(event: string, hidden: Map<string, string>): string {
  const data = hidePieces(parseData(event), hidden);
  if (data === null) return event;
  const others = event.split(lineEnd).filter((line) => !dataField.test(line));
  return [...others, `data: ${JSON.stringify(data)}`].join("\n");
}

/** Null if it has no piece of what is hidden. */
function hidePieces(item: unknown, hidden: Map<string, string>): unknown {
  let isChanged = false;
  const shown = mapTexts(item, "", (piece, path) => {
    const clean = hidden.get(path);
    if (clean === undefined) return piece;
    isChanged = true;
    hidden.set(path, "");
    return clean;
  });
  return isChanged ? shown : null;
}

function* parseEvents(text: string): Generator<unknown> {
  for (const [event] of text.matchAll(eventLines)) yield parseData(event);
}

/** What the event's data are as JSON: its lines of data are one text. Undefined if they are none. */
function parseData(event: string): unknown {
  const lines = event.split(lineEnd).filter((line) => dataField.test(line));
  return parseJson(lines.map((line) => line.replace(dataField, "")).join("\n"));
}

/** The value with each of its texts mapped. What tells texts of the same name apart is part of their path. */
function mapTexts(value: unknown, path: string, map: (text: string, path: string) => string): unknown {
  if (typeof value === "string") return map(value, path);
  if (Array.isArray(value)) return value.map((entry: unknown) => mapTexts(entry, path, map));
  if (!isJsonObject(value)) return value;
  const places = placeNumbers.flatMap((name) =>
    typeof value[name] === "number" ? [`[${name} ${value[name]}]`] : [],
  );
  const own = path + places.join("");
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapTexts(member, `${own}.${name}`, map)]),
  );
}
