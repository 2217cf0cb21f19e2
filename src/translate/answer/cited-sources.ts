import type { MessageBlock, WebSearchResult } from "../../anthropic/message.ts";
import type { AnswerRoom } from "./answer-room.ts";

interface SourcesOptions {
  newId: (prefix: "srvtoolu") => string;
  room: AnswerRoom;
}

/**
 * Collects the pages an answer cites, and turns them into the blocks that the real API sends for a web search: a
 * `server_tool_use` and its `web_search_tool_result` (rule 3.6).
 */
export class CitedSources {
  readonly #query: string | null;
  readonly #newId: () => string;
  readonly #room: AnswerRoom;
  readonly #results = new Map<string, WebSearchResult>();
  #searches = 0;

  /** `query`: the search query; null if no search was requested, then citations are dropped. */
  constructor(query: string | null, { newId, room }: SourcesOptions) {
    this.#query = query;
    this.#newId = () => newId("srvtoolu");
    this.#room = room;
  }

  /** How many searches were reported to the client. */
  get searches(): number {
    return this.#searches;
  }

  /** Records a page; each URL once. */
  add(url: string, title: string): void {
    if (this.#query === null || this.#results.has(url)) return;
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

  /** The two blocks for the pages since the last call, or none. */
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
