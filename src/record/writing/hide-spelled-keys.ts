import { isJsonObject } from "../../json/json-value.ts";
import { parseJson } from "../../json/parse-json.ts";

type Redact = (text: string) => string;

const dataLine = /^data: ?(\{.*\})\r?$/gm;

/**
 * Takes out of a stream of events the keys that are spelled over several of them: whoever joins the pieces would read
 * them. The text of such pieces moves into the first of them. Returns the text itself if there is nothing to take out.
 */
export function hideSpelledKeys(text: string, redact: Redact): string {
  if (!/^(?:data|event):/m.test(text)) return text;
  const joined = new Map<string, string>();
  for (const [, json = ""] of text.matchAll(dataLine)) {
    mapTexts(parseJson(json), "", (piece, path) => {
      joined.set(path, (joined.get(path) ?? "") + piece);
      return piece;
    });
  }
  const hidden = new Map<string, string>();
  for (const [path, whole] of joined) {
    const clean = redact(whole);
    if (clean !== whole) hidden.set(path, clean);
  }
  if (hidden.size === 0) return text;
  return text.replace(dataLine, (line, json: string) => {
    const data = mapTexts(parseJson(json), "", (piece, path) => {
      const clean = hidden.get(path);
      if (clean === undefined) return piece;
      hidden.set(path, "");
      return clean;
    });
    return data === undefined ? line : `data: ${JSON.stringify(data)}`;
  });
}

/** The value with each of its texts mapped. The number of a choice, a block or a call is part of its path. */
function mapTexts(value: unknown, path: string, map: (text: string, path: string) => string): unknown {
  if (typeof value === "string") return map(value, path);
  if (Array.isArray(value)) return value.map((entry: unknown) => mapTexts(entry, path, map));
  if (!isJsonObject(value)) return value;
  const { index } = value;
  const own = typeof index === "number" ? `${path}[${index}]` : path;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapTexts(member, `${own}.${name}`, map)]),
  );
}
