import { expect, test } from "bun:test";
import { createClientHead } from "../../src/relay/client-head.ts";

const canary = "sk-ant-oat01-canary-7f3a9c2e51d84b60";

function headOf(headers: Record<string, string>, ownKeys: readonly string[] = [], query = "") {
  return createClientHead(new Request(`http://127.0.0.1/v1/messages${query}`, { headers }), (key) =>
    ownKeys.includes(key),
  );
}

const taking = { name: "anthropic", passesClientKey: true };

test("the headers are those of the client, without credentials and cookies", () => {
  const head = headOf({
    authorization: `Bearer ${canary}`,
    "x-api-key": canary,
    "x-claude-proxy-key": "sk-own",
    cookie: "a=b",
    "proxy-authorization": "Basic eDp5",
    "anthropic-beta": "context-1m-2025-08-07",
  });
  expect(head.headers.toJSON()).toEqual({ "anthropic-beta": "context-1m-2025-08-07" });
  expect(head.pick(() => true)).toEqual({ "anthropic-beta": "context-1m-2025-08-07" });
  expect(head.pick((name) => name === "anthropic-version")).toEqual({});
});

test("the query is as it came", () => {
  expect(headOf({}, [], "?beta=true").query).toBe("?beta=true");
  expect(headOf({}).query).toBe("");
});

test("the credential is passed as it came", () => {
  const head = headOf({
    authorization: `bearer  ${canary}`,
    "x-api-key": "sk-ant-api03-other-key-0123456789",
  });
  expect(head.credential?.headersFor(taking)?.toJSON()).toEqual({
    authorization: `bearer  ${canary}`,
    "x-api-key": "sk-ant-api03-other-key-0123456789",
  });
});

test("a request without a credential, or with an empty one, has none", () => {
  expect(headOf({}).credential).toBeNull();
  expect(headOf({ authorization: "Bearer ", "x-api-key": "" }).credential).toBeNull();
});

test("a key of ours is no credential for an upstream", () => {
  const own = "sk-own-key-0123456789abcdef";
  expect(headOf({ authorization: `Bearer ${own}` }, [own]).credential).toBeNull();
  const both = headOf({ authorization: `Bearer ${canary}`, "x-api-key": own }, [own]);
  expect(both.credential?.headersFor(taking)?.toJSON()).toEqual({ authorization: `Bearer ${canary}` });
});

test("the first upstream that gets the credential is the only one", () => {
  const head = headOf({ authorization: `Bearer ${canary}` });
  expect(head.credential?.headersFor(taking)).not.toBeNull();
  expect(head.credential?.headersFor({ ...taking, name: "other" })).toBeNull();
  expect(head.credential?.headersFor(taking)).not.toBeNull();
});

test("an upstream that takes no client's credential cannot get it", () => {
  const head = headOf({ authorization: `Bearer ${canary}` });
  expect(() => head.credential?.headersFor({ name: "other", passesClientKey: false })).toThrow("may not get");
});

test("nothing that is written shows the credential", () => {
  const head = headOf({ authorization: `Bearer ${canary}`, "x-api-key": canary });
  const { credential } = head;
  for (const shown of [credential, { head, credential }]) {
    expect(Bun.inspect(shown, { depth: 10 })).not.toContain(canary);
    expect(JSON.stringify(shown)).not.toContain(canary);
  }
});

test("the credential is taken out of texts, however it is written there", () => {
  const { credential } = headOf({ authorization: `Bearer ${canary}` });
  const told = `no such token: ${canary}, ${encodeURIComponent(canary)}`;
  expect(credential?.redact(told)).not.toContain("canary");
});
