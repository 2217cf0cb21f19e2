import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Expression, type PrivateIdentifier, parseSync, Visitor } from "oxc-parser";
import { readMarks } from "../../scripts/guards/read-marks.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";

const key = "secret-client-key";
let pair: Pair;

beforeAll(async () => {
  pair = await startPair({ settings: { proxyApiKey: key } });
  pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

test.each<[string, Record<string, string>]>([
  ["x-api-key", { "x-api-key": key }],
  ["a bearer token", { authorization: `Bearer ${key}` }],
  ["both, one of them wrong", { "x-api-key": "other", authorization: `Bearer ${key}` }],
])("the key as %s is let in, and stays here", async (_, headers) => {
  const before = pair.upstream.requests.length;
  expect((await pair.post(hello, { headers })).status).toBe(200);
  const sent = pair.upstream.requests[before];
  expect(sent?.headers["authorization"]).toBe("Bearer sk-upstream-key");
  expect(JSON.stringify(sent?.headers)).not.toContain(key);
});

test.each<[string, Record<string, string>]>([
  ["no key", {}],
  ["a wrong key", { "x-api-key": "secret-client-kez" }],
  ["the beginning of the key", { authorization: "Bearer secret-client" }],
  ["a key without a scheme", { authorization: key }],
  ["an empty key", { "x-api-key": "" }],
  ["more than the key", { "x-api-key": `${key}s` }],
  ["the key in another case", { authorization: `Bearer ${key.toUpperCase()}` }],
  ["a key of 8,000 characters", { "x-api-key": "k".repeat(8000) }],
  ["a key that is not ASCII", { "x-api-key": "sécret-client-kéy" }],
  ["the key with its last character as wide as two", { "x-api-key": "secret-client-ke\u00f9" }],
  ["the key behind a character that is not ASCII", { authorization: `Bearer \u00a0${key}` }],
  ["the key and another one in one header", { "x-api-key": `${key}, ${key}` }],
])("%s is a 401 that is not tried again", async (_, headers) => {
  const before = pair.upstream.requests.length;
  const response = await pair.post(hello, { headers });
  expect([response.status, response.headers.get("x-should-retry")]).toEqual([401, "false"]);
  expect(await response.json()).toEqual({
    type: "error",
    error: {
      type: "authentication_error",
      message:
        "claude-proxy: wrong or missing client key. Set ANTHROPIC_AUTH_TOKEN to the proxy's PROXY_API_KEY.",
    },
    request_id: response.headers.get("request-id"),
  });
  expect(pair.upstream.requests.length).toBe(before);
});

test.each([
  ["claude-cli/2.1.332 (external, cli)", 424],
  ["claude-cli/1.0.56 (external, sdk-cli)", 424],
  ["claude-code/2.1.332", 424],
  ["Anthropic/JS 0.60.0", 401],
  ["my-claude-cli/1.0", 401],
])("[5.5:own] to %s a wrong key is a %d", async (agent, status) => {
  const headers = { "x-api-key": "other", "user-agent": agent };
  const response = await pair.post(hello, { headers });
  expect([response.status, response.headers.get("x-should-retry")]).toEqual([status, "false"]);
  expect(await response.json()).toMatchObject({ error: { type: "authentication_error" } });
});

test.each([["/v1/messages/count_tokens"], ["/v1/nothing"], ["/v1/messages/batches"]])(
  "%s needs the key as well",
  async (path) => {
    const response = await fetch(`${pair.proxy.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(hello),
    });
    expect(response.status).toBe(401);
  },
);

test.each([
  ["GET", "/", 200],
  ["GET", "/health", 200],
  ["GET", "/ready", 200],
  ["GET", "/api/hello", 200],
  ["POST", "/api/event_logging/batch", 204],
])("%s %s answers without the key", async (method, path, status) => {
  const headers = { "content-type": "application/json" };
  const body = method === "GET" ? {} : { body: "{}" };
  expect((await fetch(`${pair.proxy.url}${path}`, { method, headers, ...body })).status).toBe(status);
});

test.each(["/v1/models", "/status"])("GET %s, which tells names of models, needs the key", async (path) => {
  const url = `${pair.proxy.url}${path}`;
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { "x-api-key": key } })).status).toBe(200);
});

/**
 * Time itself cannot be measured so finely. What can be seen is which comparison decides, and on what: of each key that
 * is sent the digest goes to the one function that Node says takes constant time.
 */
test("keys are compared in constant time, on digests, whatever is sent", async () => {
  const compare = spyOn(crypto, "timingSafeEqual");
  const sent = ["", "s", "secret-client-kez", key, "k".repeat(8000)];
  const statuses: number[] = [];
  const compared: unknown[] = [];
  for (const wrong of sent) {
    compare.mockClear();
    statuses.push((await pair.post(hello, { headers: { "x-api-key": wrong } })).status);
    compared.push(compare.mock.calls.map((digests) => digests.map(({ byteLength }) => byteLength)));
  }
  compare.mockRestore();
  expect(statuses).toEqual([401, 401, 401, 200, 401]);
  expect(compared).toEqual(sent.map(() => [[32, 32]]));
});

/** Comparisons that stop at the first difference, in the file with the guard's mark. */
function findHastyComparisons(file: string, source: string): string[] {
  const found: string[] = [];
  const add = ({ start, end }: { start: number; end: number }) => void found.push(source.slice(start, end));
  const isNothing = ({ type, start, end }: Expression | PrivateIdentifier) =>
    (type === "Literal" || type === "Identifier") && /^(?:null|undefined)$/.test(source.slice(start, end));
  new Visitor({
    BinaryExpression(node) {
      if (/^(?:[!=]==?|[<>]=?)$/.test(node.operator) && !isNothing(node.left) && !isNothing(node.right))
        add(node);
    },
    SwitchStatement: ({ discriminant }) => add(discriminant),
    MemberExpression({ property }) {
      const name = source.slice(property.start, property.end);
      if (
        /^(?:equals|compare|localeCompare|(?:starts|ends)With|includes|(?:last)?[iI]ndexOf|search|match)/.test(
          name,
        )
      )
        add(property);
    },
  }).visit(parseSync(file, source).program);
  return found;
}

test("nothing else compares a key: where they are compared, no comparison stops at the first difference", () => {
  const mark = readMarks().find(({ name }) => name === "constant time comparison of the key");
  const file = mark?.file ?? "";
  expect(findHastyComparisons(file, readFileSync(join(import.meta.dir, "../..", file), "utf8"))).toEqual([]);
});

test.each([
  ["isKey(key) || key === proxyApiKey", ["key === proxyApiKey"]],
  ["key.length != proxyApiKey.length", ["key.length != proxyApiKey.length"]],
  ["digest(key).equals(expected)", ["equals"]],
  ["proxyApiKey.startsWith(key)", ["startsWith"]],
  ["[proxyApiKey].includes(key)", ["includes"]],
  ["key !== undefined && null === key && timingSafeEqual(digest(key), expected)", []],
])("that check sees of %p %p", (source, found) => {
  expect(findHastyComparisons("a.ts", source)).toEqual(found);
});
