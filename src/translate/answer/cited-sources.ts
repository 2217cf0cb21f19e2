import type { MessageBlock, WebSearchResult } from "../../anthropic/message.ts";
import { isJsonObject, nonEmptyString } from "../../json/json-value.ts";
import type { AnswerRoom } from "./answer-room.ts";

interface SourcesOptions {
  newId: (prefix: "srvtoolu") => string;
  room: AnswerRoom;
}

/**
 * Collects the pages an answer cites (`annotations[].url_citation`) and tells them as the real API tells a web
 * search: a `server_tool_use` and its `web_search_tool_result` (rule 3.6).
 */
export class CitedSources {
  readonly #query: string | null;
  readonly #newId: () => string;
  readonly #room: AnswerRoom;
  readonly #results = new Map<string, WebSearchResult>();
  #searches = 0;

  /** `query`: what was searched for; null when no search was asked for, then citations are left out. */
  constructor(query: string | null, { newId, room }: SourcesOptions) {
    this.#query = query;
    this.#newId = () => newId("srvtoolu");
    this.#room = room;
  }

  /** How many searches were told of. */
  get searches(): number {
    return this.#searches;
  }

  push(annotations: unknown): void {
    if (this.#query === null || !Array.isArray(annotations)) return;
    for (const annotation of annotations) {
      const citation = isJsonObject(annotation) ? annotation["url_citation"] : undefined;
      if (!isJsonObject(citation)) continue;
      const url = nonEmptyString(citation["url"]);
      if (url === undefined || this.#results.has(url)) continue;
      const title = nonEmptyString(citation["title"]) ?? url;
      const result: WebSearchResult = {
        type: "web_search_result",
        url,
        title,
        encrypted_content: "",
        page_age: null,
      };
      this.#room.takeValue(result);
      this.#results.set(url, result);
    }
  }

  /** The two blocks for what was collected since the last call, or none. */
  take(): MessageBlock[] {
    if (this.#query === null || this.#results.size === 0) return [];
    const id = this.#newId();
    const content = [...this.#results.values()];
    this.#results.clear();
    this.#searches += 1;
    return [
      { type: "server_tool_use", id, name: "web_search", input: { query: this.#query } },
      { type: "web_search_tool_result", tool_use_id: id, content },
    ];
  }
}
