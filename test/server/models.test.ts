import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Pair, readFailure, readObject, startPair } from "../support/start-pair.ts";

let pair: Pair;

beforeAll(async () => {
  pair = await startPair({
    settings: { bigModelName: "big/one", mediumModelName: "big/one", smallModelName: "small one" },
  });
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

function get(path: string): Promise<Response> {
  return fetch(`${pair.proxy.url}${path}`);
}

const info = (id: string, display_name: string, line: string | null) => ({
  type: "model",
  id,
  display_name,
  created_at: "1970-01-01T00:00:00Z",
  max_input_tokens: null,
  max_tokens: null,
  capabilities: null,
  deprecated_at: null,
  retires_at: null,
  lifecycle: "active",
  line,
});
const all = [
  info("claude-opus", "Opus (big/one)", "opus"),
  info("claude-sonnet", "Sonnet (big/one)", "sonnet"),
  info("claude-haiku", "Haiku (small one)", "haiku"),
  info("big/one", "big/one", null),
  info("small one", "small one", null),
];

test.each([
  ["", 0, 5, false],
  ["?limit=1000", 0, 5, false],
  ["?limit=1", 0, 1, true],
  ["?limit=2", 0, 2, true],
  ["?limit=2&after_id=claude-sonnet", 2, 4, true],
  ["?limit=3&after_id=claude-sonnet", 2, 5, false],
  ["?after_id=small%20one", 5, 5, false],
  ["?before_id=big/one&limit=2", 1, 3, true],
  ["?before_id=claude-opus", 0, 0, false],
])("[8:models] GET /v1/models%s", async (query, start, end, has_more) => {
  const response = await get(`/v1/models${query}`);
  expect(response.status).toBe(200);
  const data = all.slice(start, end);
  const first_id = data[0]?.id ?? null;
  expect(await readObject(response)).toEqual({ data, has_more, first_id, last_id: data.at(-1)?.id ?? null });
  expect(pair.upstream.requests).toEqual([]);
});

test.each([
  ["limit=0", "limit: must be a whole number from 1 to 1000"],
  ["limit=1001", "limit: must be a whole number from 1 to 1000"],
  ["limit=ten", "limit: must be a whole number from 1 to 1000"],
  ["after_id=x", "after_id: there is no model x"],
  ["before_id=x", "before_id: there is no model x"],
])("[8:models] GET /v1/models?%s is refused", async (query, message) => {
  expect(await readFailure(await get(`/v1/models?${query}`))).toEqual([
    400,
    "invalid_request_error",
    message,
  ]);
});

test.each([
  ["claude-haiku", all[2]],
  ["big/one", all[3]],
  ["big%2Fone", all[3]],
  ["small%20one/", all[4]],
])("[8:model] GET /v1/models/%s", async (id, expected) => {
  expect(await readObject(await get(`/v1/models/${id}`))).toEqual({ ...expected });
});

test.each([
  ["gpt-9", "gpt-9"],
  ["a/%/%zz", "a/%/%zz"],
])("[8:model] %s, which nobody knows, is a 404", async (path, id) => {
  expect(await readFailure(await get(`/v1/models/${path}`))).toEqual([
    404,
    "not_found_error",
    `model: ${id}`,
  ]);
});

test("[8:405] models cannot be posted", async () => {
  const response = await fetch(`${pair.proxy.url}/v1/models`, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
