import { isJsonObject, nonEmptyString } from "../../../json/json-value.ts";

/** Reads `annotations[].url_citation` of a delta (rule 3.6). A page without a title gets its URL as title. */
export function readCitations(annotations: unknown, cite: (url: string, title: string) => void): void {
  if (!Array.isArray(annotations)) return;
  for (const annotation of annotations) {
    const citation = isJsonObject(annotation) ? annotation["url_citation"] : undefined;
    if (!isJsonObject(citation)) continue;
    const url = nonEmptyString(citation["url"]);
    if (url !== undefined) cite(url, nonEmptyString(citation["title"]) ?? url);
  }
}
