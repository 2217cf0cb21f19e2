import { isJsonObject, type JsonObject, nonEmptyString } from "../../../json/json-value.ts";
import { parseJson } from "../../../json/parse-json.ts";
import type { AnswerWriter } from "../../../translate/answer/answer-writer.ts";

/** Most cited pages of one answer. */
const mostCited = 20;

/** Reads the searches that the upstream made, and the pages that its answer cites (rule 23.6). */
export class WebSearches {
  readonly #writer: Pick<AnswerWriter, "cite" | "found" | "searched">;
  readonly #cited = new Set<string>();
  #count = 0;

  constructor(writer: Pick<AnswerWriter, "cite" | "found" | "searched">) {
    this.#writer = writer;
  }

  /** How many searches there were; pages that were opened do not count. */
  get count(): number {
    return this.#count;
  }

  /** Takes a `web_search_call` that is whole. */
  add(item: JsonObject): void {
    const action = isJsonObject(item["action"]) ? item["action"] : actionOf(item);
    if (action["type"] !== "search") return;
    this.#count += 1;
    const [first]: unknown[] = Array.isArray(action["queries"]) ? action["queries"] : [];
    const query = nonEmptyString(action["query"]) ?? nonEmptyString(first);
    if (query !== undefined) this.#writer.searched(query);
    const sources: unknown[] = Array.isArray(action["sources"]) ? action["sources"] : [];
    for (const source of sources) {
      const url = isJsonObject(source) ? nonEmptyString(source["url"]) : undefined;
      if (url !== undefined) this.#writer.found(withoutMark(url));
    }
  }

  /** Takes an annotation of a text. A page without a title gets its URL as title (xAI sends none). */
  cite(annotation: unknown): void {
    if (!isJsonObject(annotation) || annotation["type"] !== "url_citation") return;
    const told = nonEmptyString(annotation["url"]);
    if (told === undefined || this.#cited.size >= mostCited) return;
    const url = withoutMark(told);
    if (this.#cited.has(url)) return;
    this.#cited.add(url);
    this.#writer.cite(url, nonEmptyString(annotation["title"]) ?? url);
  }

  citeAll(annotations: unknown): void {
    if (Array.isArray(annotations)) for (const annotation of annotations) this.cite(annotation);
  }
}

/** xAI has arguments in place of an action. */
function actionOf(item: JsonObject): JsonObject {
  const json = item["arguments"];
  const told = typeof json === "string" ? parseJson(json) : json;
  const query = isJsonObject(told) ? told["query"] : undefined;
  return query === undefined ? {} : { type: "search", query };
}

/** The address without the mark of where its visitors come from, which OpenAI adds to cited pages only. */
function withoutMark(url: string): string {
  return url.replace(/([?&])utm_source=[^&#]*(&?)/, (_, before: string, behind: string) =>
    behind === "" ? "" : before,
  );
}
