import { describe, expect, test } from "bun:test";
import { createRecordBounds } from "../../src/logging/bound-record.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { createRecord } from "./request-record.ts";

const secret = "canary-key-0123456789";

/** Bounds records in their order, and notes what was looked through for keys. */
function createWatched() {
  const looked: string[] = [];
  const bound = createRecordBounds((text) => {
    looked.push(text);
    return text.replaceAll(secret, "[redacted]");
  });
  const look = (changes: Partial<RequestRecord>) => {
    looked.length = 0;
    const { isPlain } = bound(createRecord(changes));
    return { isPlain, isLookedThrough: looked.length > 0 };
  };
  return { bound, look };
}

const texts = [
  "method",
  "path",
  "clientModel",
  "upstreamModel",
  "upstream",
  "stopReason",
  "errorType",
  "phase",
  "causeCode",
  "sessionId",
] as const;
const lists = ["dropped", "repairs", "warnings"] as const;

describe("[F9] what is looked through for keys", () => {
  test.each([...texts, ...lists])("a new %s once, and what it was before not again", (name) => {
    const isList = lists.some((list) => list === name);
    const said = (text: string) => ({ upstreamRequestId: null, [name]: isList ? [text] : text });
    const { look } = createWatched();
    const seen = ["one", "one", "two", "one", "two"].map((text) => look(said(text)));
    expect(seen.map(({ isPlain }) => isPlain)).toEqual([true, true, true, true, true]);
    expect(seen.map(({ isLookedThrough }) => isLookedThrough)).toEqual([true, false, true, false, false]);
    // One that has a key, or what has to be escaped, is not learned.
    for (const text of [secret, "\u0007"]) {
      expect([look(said(text)), look(said(text))]).toEqual([
        { isPlain: false, isLookedThrough: text === secret },
        { isPlain: false, isLookedThrough: text === secret },
      ]);
    }
    expect(look(said("one"))).toEqual({ isPlain: true, isLookedThrough: false });
  });

  test.each([
    ["an id of the upstream", { upstreamRequestId: "req" }, true],
    ["a message", { errorMessage: "no" }, true],
    ["neither", {}, false],
  ])("each time: %s", (_, changes, isLookedThrough) => {
    const { look } = createWatched();
    look({ upstreamRequestId: null });
    const looks = [1, 2].map(() => look({ upstreamRequestId: null, ...changes }));
    expect(looks).toEqual([
      { isPlain: true, isLookedThrough },
      { isPlain: true, isLookedThrough },
    ]);
  });

  test.each([
    [`id ${secret}`, false],
    ["id\u001b", false],
    ["i".repeat(256), true],
  ])("an id of the upstream is plain or not: %j", (upstreamRequestId, isPlain) => {
    const { look } = createWatched();
    look({ upstreamRequestId: null });
    expect(look({ upstreamRequestId }).isPlain).toBe(isPlain);
  });

  test("a record that was cut teaches nothing: what is too long is cut each time", () => {
    const { bound } = createWatched();
    const long = "m".repeat(257);
    for (const changes of [{ clientModel: long }, { upstreamRequestId: long }, { warnings: [long] }]) {
      const cut = `${"m".repeat(256)}… (257 characters)`;
      for (let time = 0; time < 2; time += 1)
        expect(JSON.stringify(bound(createRecord(changes)))).toContain(cut);
    }
  });

  test("known entries in a list that is too long are cut as well", () => {
    const { bound } = createWatched();
    bound(createRecord({ warnings: ["w"], upstreamRequestId: null }));
    const { record } = bound(createRecord({ warnings: Array(51).fill("w"), upstreamRequestId: null }));
    expect(record.warnings).toEqual([...Array(50).fill("w"), "and 1 more"]);
  });

  test("the models that were tried are looked through, and cut", () => {
    const { bound, look } = createWatched();
    const one = { upstream: "a", key: null, status: 429, error: null, ms: 1 };
    const tried = (model: string) => ({ upstreamRequestId: null, tried: [{ ...one, model }] });
    expect([look(tried("x")), look(tried("x")), look(tried(secret)), look(tried("x\n"))]).toEqual([
      { isPlain: true, isLookedThrough: true },
      { isPlain: true, isLookedThrough: false },
      { isPlain: false, isLookedThrough: true },
      { isPlain: false, isLookedThrough: false },
    ]);
    const long = "m".repeat(257);
    const { record } = bound(createRecord({ tried: Array(40).fill({ ...one, model: long }) }));
    expect(record.tried).toEqual(Array(32).fill({ ...one, model: `${"m".repeat(256)}… (257 characters)` }));
  });

  test("texts without number are learned anew: at most some hundred are known", () => {
    const { look } = createWatched();
    const model = (clientModel: string) => look({ clientModel, upstreamRequestId: null }).isLookedThrough;
    expect([model("first"), model("first")]).toEqual([true, false]);
    for (let number = 0; number < 600; number += 1) model(`model ${number}`);
    expect([model("first"), model("first")]).toEqual([true, false]);
  });
});
