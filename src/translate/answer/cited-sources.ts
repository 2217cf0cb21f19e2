import type { MessageBlock, WebSearchResult } from "../../anthropic/message.ts";
import type { AnswerRoom } from "./answer-room.ts";

interface SourcesOptions {
  newId: (prefix: "srvtoolu") => string;
  room: AnswerRoom;
}

/** Most pages that are listed after the cited ones. */
const mostResults = 20;

/**
 * Collects the pages an answer cites, and those that its search found, and turns them into the blocks that the real API
 * sends for a web search: a `server_tool_use` and its `web_search_tool_result` (rules 3.6 and 23.6).
 */
export class CitedSources {
  #query: string | null;
  readonly #newId: () => string;
  readonly #room: AnswerRoom;
  readonly #cited = new Map<string, WebSearchResult>();
  /** Pages that a search found, as long as none of them is cited. */
  readonly #found = new Map<string, WebSearchResult>();
  /** The addresses of such pages that are in a block. */
  readonly #listed = new Set<string>();
  #isQueryTold = false;
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

  /** Records a query of the upstream, in place of the guessed one. The first one counts. */
  noteQuery(query: string): void {
    if (this.#query === null || this.#isQueryTold) return;
    this.#room.takeText(query);
    this.#query = query;
    this.#isQueryTold = true;
  }

  /** Records a cited page; each URL once. */
  add(url: string, title: string): void {
    if (this.#query === null || this.#cited.has(url) || this.#listed.has(url)) return;
    this.#found.delete(url);
    this.#record(this.#cited, url, title);
  }

  /** Records a page that a search found; each URL once. */
  addFound(url: string): void {
    if (this.#query === null || this.#found.size + this.#listed.size >= mostResults) return;
    if (!this.#cited.has(url) && !this.#listed.has(url) && !this.#found.has(url))
      this.#record(this.#found, url, url);
  }

  #record(pages: Map<string, WebSearchResult>, url: string, title: string): void {
    const result: WebSearchResult = {
      type: "web_search_result",
      url,
      title,
      encrypted_content: "",
      page_age: null,
    };
    this.#room.takeValue(result);
    pages.set(url, result);
  }

  /** The two blocks for the pages since the last call, or none. */
  take(): MessageBlock[] {
    const found = [...this.#found.values()].slice(0, Math.max(0, mostResults - this.#cited.size));
    const content = [...this.#cited.values(), ...found];
    if (this.#query === null || content.length === 0) return [];
    const id = this.#newId();
    for (const { url } of found) this.#listed.add(url);
    this.#cited.clear();
    this.#found.clear();
    this.#searches += 1;
    return [
      { type: "server_tool_use", id, name: "web_search", input: { query: this.#query } },
      { type: "web_search_tool_result", tool_use_id: id, content },
    ];
  }
}
