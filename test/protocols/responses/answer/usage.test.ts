import { describe, expect, test } from "bun:test";
import { convertResponseUsage } from "../../../../src/protocols/responses/answer/convert-response-usage.ts";
import { describeMessage } from "./describe-message.ts";
import { asked, completed, doneItem, message, on, response, text } from "./events.ts";
import { translateEvents, translateWhole } from "./translate-response.ts";

const none = {
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  thinkingTokens: null,
  webSearchRequests: null,
  costUsd: null,
};
const convert = (usage: unknown, tool_usage?: unknown, searches = 0) =>
  convertResponseUsage({ usage, tool_usage }, searches);

describe("the usage of a response", () => {
  test.each([
    ["both counts", { input_tokens: 9, output_tokens: 5 }, {}],
    [
      "details that are null",
      { input_tokens: 9, output_tokens: 5, input_tokens_details: null, output_tokens_details: null },
      {},
    ],
    [
      "details",
      {
        input_tokens: 20,
        output_tokens: 5,
        input_tokens_details: { cached_tokens: 12, cache_write_tokens: 6 },
        output_tokens_details: { reasoning_tokens: 2 },
      },
      { promptTokens: 20, cacheReadTokens: 12, cacheWriteTokens: 6, thinkingTokens: 2 },
    ],
    [
      "no more cached than there is",
      {
        input_tokens: 9,
        output_tokens: 5,
        input_tokens_details: { cached_tokens: 12, cache_write_tokens: 6 },
      },
      { cacheReadTokens: 9 },
    ],
    [
      "cached tokens beside the input (xAI)",
      { input_tokens: 9, output_tokens: 5, total_tokens: 26, input_tokens_details: { cached_tokens: 12 } },
      { promptTokens: 21, cacheReadTokens: 12 },
    ],
    [
      "thinking beside the output (xAI)",
      { input_tokens: 9, output_tokens: 5, total_tokens: 21, output_tokens_details: { reasoning_tokens: 7 } },
      { completionTokens: 12, thinkingTokens: 7 },
    ],
    ["a cost", { input_tokens: 9, output_tokens: 5, cost: 0.01 }, { costUsd: 0.01 }],
    [
      "a cost beside the vendor's own bill",
      {
        input_tokens: 9,
        output_tokens: 5,
        cost: 0.5,
        is_byok: true,
        cost_details: { upstream_inference_cost: 1.25 },
      },
      { costUsd: 1.75 },
    ],
    [
      "a cost in ticks (xAI)",
      { input_tokens: 9, output_tokens: 5, cost_in_usd_ticks: 318_319_000 },
      { costUsd: 0.0318319 },
    ],
    ["one count", { output_tokens: 5 }, { promptTokens: 0 }],
  ])("[23.5:counts] has %s", (_, usage, expected) => {
    expect(convert(usage)).toEqual({ promptTokens: 9, completionTokens: 5, ...none, ...expected });
  });

  test("[23.5:searches] counts the searches that the upstream tells, else those in the answer", () => {
    const usage = { input_tokens: 9, output_tokens: 5 };
    const told = { ...usage, num_server_side_tools_used: 3 };
    const tool = { web_search: { num_requests: 2 } };
    const results = [
      convert(told, tool, 1),
      convert(told, {}, 1),
      convert(usage, null, 1),
      convert(usage, 5),
    ];
    expect(results.map((result) => result?.webSearchRequests)).toEqual([2, 3, 1, null]);
  });

  test("[23.5:untold] that counts nothing is none", () => {
    expect([convert(null), convert({}), convert({ input_tokens: -1, output_tokens: "x" })]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("[23.5:zero] of zeros beside content is estimated", () => {
    const zero = { usage: { input_tokens: 0, output_tokens: 0 } };
    const full = translateWhole(asked, response([message("a")], zero));
    expect([full.message?.usage.input_tokens, full.message?.usage.output_tokens]).toEqual([7, 3]);
    expect(translateWhole(asked, response([], zero)).message?.usage.input_tokens).toBe(0);
  });
});

describe("a web search", () => {
  const searching = { ...asked, plan: { webSearchQuery: "guessed" } };
  const search = (action: object) => ({ type: "web_search_call", id: "ws_1", status: "completed", action });
  const found = search({
    type: "search",
    query: "bun 2",
    sources: [{ url: "https://u1" }, { url: "https://u2" }],
  });
  const cited = (url: string) => ({ type: "url_citation", url, title: "T", start_index: 0, end_index: 1 });
  const cites = (url: string) =>
    on("output_text.annotation.added", { output_index: 1, annotation: cited(url) });
  const blocks = (...events: object[]) => {
    const { message: got } = translateEvents(searching, events);
    return [describeMessage(got), got?.usage.server_tool_use?.web_search_requests];
  };

  test("[23.6:stream] comes before the text as far as it is known, each page once", () => {
    const pages = ['search {"query":"bun 2"}', "pages https://u1 https://u2", "text So."];
    expect(
      blocks(doneItem(0, found), text(1, "So."), cites("https://u2?utm_source=openai"), completed()),
    ).toEqual([pages, 1]);
    const item = {
      ...message("So."),
      content: [{ type: "output_text", text: "So.", annotations: [cited("https://u3")] }],
    };
    expect(
      blocks(
        doneItem(0, found),
        text(1, "So."),
        cites("https://u3"),
        doneItem(1, item),
        completed([found, item]),
      ),
    ).toEqual([[...pages, 'search {"query":"bun 2"}', "pages https://u3"], 1]);
  });

  test("[23.6:whole] lists the cited pages first", () => {
    const content = [
      {
        type: "output_text",
        text: "So.",
        annotations: [
          cited("https://u2?a=1&utm_source=openai#x"),
          cited("https://u3?utm_source=openai&b"),
          5,
        ],
      },
    ];
    const { message: got } = translateWhole(searching, response([found, { type: "message", content }]));
    expect(describeMessage(got)).toEqual([
      'search {"query":"bun 2"}',
      "pages https://u2?a=1#x https://u3?b https://u1 https://u2",
      "text So.",
    ]);
  });

  test.each([
    ["several queries", search({ type: "search", queries: ["q1", "q2"] }), "q1"],
    ["arguments (xAI)", { type: "web_search_call", arguments: '{"query":"q","num_results":5}' }, "q"],
    ["none", search({ type: "search" }), "guessed"],
  ])("[23.6:query] has the query of %s", (_, item, query) => {
    expect(blocks(doneItem(0, item), cites("https://u"), completed())[0]).toEqual([
      `search {"query":"${query}"}`,
      "pages https://u",
    ]);
  });

  test("[23.6:actions] pages that were opened are no searches, and one is counted once", () => {
    const opened = ["open_page", "find_in_page"].map((type, place) =>
      doneItem(place, search({ type, url: "https://u" })),
    );
    expect(blocks(...opened, text(5, "So."), completed())).toEqual([["text So."], undefined]);
    expect(blocks(doneItem(0, found), text(1, "a"), completed([found]))[1]).toBe(1);
  });

  test("[23.6:most] shows 20 pages at most", () => {
    const sources = Array.from({ length: 50 }, (_, page) => ({ url: `https://f${page}` }));
    const many = [...Array(30).keys()].map((page) => cites(`https://c${page}`));
    const [told] = blocks(
      doneItem(0, search({ type: "search", query: "q", sources })),
      ...many.slice(0, 5),
      text(1, "a"),
      completed(),
    );
    expect(String(Object(told)[1]).split(" ")).toHaveLength(21);
    const [cut] = blocks(...many, text(1, "a"), completed());
    expect(String(Object(cut)[1]).split(" ")).toHaveLength(21);
  });

  test("[23.6:unasked] is not shown to a client that asked for none", () => {
    const { message: got } = translateEvents(asked, [
      doneItem(0, found),
      cites("https://u"),
      text(1, "a"),
      completed(),
    ]);
    expect(describeMessage(got)).toEqual(["text a"]);
  });
});
