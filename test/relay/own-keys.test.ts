import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { decodeEnvelope } from "../../src/translate/reasoning/decode-envelope.ts";
import { encodings, key } from "../secrets/encodings.ts";
import { chunk, chunksOf, completionOf, stopChunk } from "../support/chunks.ts";
import { findGrammarFaults } from "../support/grammar.ts";
import { json, type Reply, sse, whole } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";
import { isObject, type Json, objectOf, objectsOf } from "../support/strict/json.ts";

let pair: Pair;
beforeAll(async () => {
  pair = await startPair({ settings: { openaiApiKey: key } });
});
afterAll(() => pair[Symbol.asyncDispose]());

const tools = [{ name: "Read", input_schema: { type: "object", properties: { path: { type: "string" } } } }];
const search = { type: "web_search_20250305", name: "web_search" };

/** What the client was told, as text, and folded where it was streamed. */
async function ask(reply: Reply, body: object = {}): Promise<{ raw: string; events: Json[] }> {
  pair.upstream.reply(reply);
  const response = await pair.post({ ...hello, ...body });
  const raw = JSON.stringify([...response.headers]) + (await response.text());
  const events = [...raw.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => objectOf(JSON.parse(data)));
  return { raw, events };
}

/** What a block has become, by its deltas. */
function foldDeltas(events: readonly Json[], member: string): string {
  return events.map(({ delta }) => (isObject(delta) ? (delta[member] ?? "") : "")).join("");
}

/** The places in which a text tells the key, or most of it, to whoever decodes it. */
function findKey(text: string): string[] {
  return encodings.flatMap(([name, encode]) => (text.includes(encode(key.slice(4, -4))) ? [name] : []));
}

const stream = { stream: true };

describe("[F7] an upstream's error tells the client no key", () => {
  // As a member of JSON, of which an encoding may be a part already.
  const bodies = encodings.map(([name, encode]): [string, string] => {
    const text = encode(key);
    return [
      name,
      `{"error":{"message":"bad key: ${name.includes("JSON") ? text : JSON.stringify(text).slice(1, -1)}"}}`,
    ];
  });

  test.each(bodies)("%s", async (name, body) => {
    const replies: [string, Reply, object][] = [
      ["a status", whole(body, { status: 401, headers: { "content-type": "application/json" } }), {}],
      [
        "a status, streamed",
        whole(body, { status: 400, headers: { "content-type": "application/json" } }),
        stream,
      ],
      ["a text", whole(body.slice(0, -1), { status: 500 }), {}],
      ["in a success", whole(body, { headers: { "content-type": "application/json" } }), {}],
      ["first event", sse([`data: ${body}\n\n`]), stream],
      ["late event", sse([chunk({ content: "a" }), `data: ${body}\n\n`]), stream],
      ["announced event", sse([chunk({ content: "a" }), `event: error\ndata: ${body}\n\n`]), stream],
      ["no JSON", sse([`data: ${body.slice(0, -1)}\n\n`]), stream],
    ];
    for (const [where, reply, asked] of replies) {
      const { raw } = await ask(reply, asked);
      expect([where, raw.includes('"type":"error"'), raw.includes("…")]).toEqual([where, true, true]);
      expect([where, ...findKey(raw)]).toEqual([where]);
      // What a person would read of it, whatever the encoding was.
      if (!/base64|hex/.test(name)) expect(raw).toContain("bad key: ");
      expect(raw).not.toMatch(/plural|alpha%/);
    }
  });

  test("and no beginning of one, wherever a message is cut", async () => {
    for (let before = 1930; before <= 2000; before += 3) {
      const message = `${"x".repeat(before - 1)} ${key} and more of it${" y".repeat(60)}`;
      const { raw } = await ask(whole(JSON.stringify({ error: { message } }), { status: 400 }));
      expect(raw).not.toContain("zz9-");
      const nonsense = `data: ${"x".repeat(before - 1800)} ${key} and more${" y".repeat(60)}\n\n`;
      const streamed = await ask(sse([nonsense]), stream);
      expect(streamed.raw).not.toContain("zz9-");
    }
  });

  test("nor with the mark of another maker before it", async () => {
    const { raw } = await ask(
      whole(JSON.stringify({ error: `bad sk-abcdef${key}, Bearer ${key}` }), { status: 400 }),
    );
    expect(findKey(raw)).toEqual([]);
  });
});

describe("[F7] what a model says tells the client no key", () => {
  const text = encodings.map(([name, encode]) => `${name}: "${encode(key)}"`).join("\n");
  const url = `https://a.example/?key=${encodeURIComponent(key)}`;
  const annotations = [{ type: "url_citation", url_citation: { url, title: `about ${key}` } }];
  const said = {
    reasoning: text,
    text,
    toolCalls: [{ id: "call_1", name: "Read", arguments: { path: text, [key]: [key] } }],
  };

  /** What must be left of the input of the call. */
  const checkInput = (input: unknown): void => {
    const names = Object.keys(objectOf(input));
    expect(names).toEqual(["path", "zz9[redacted]"]);
    const path = String(objectOf(input)["path"]);
    expect(path.match(/^[^\n"]+: "[^"]{0,24}\[redacted\][^"]{0,7}"$/gm)).toHaveLength(encodings.length);
  };

  test.each([1, 2, 3, 7, 64, 100_000])("streamed, in pieces of %p characters", async (size) => {
    const { raw, events } = await ask(sse(chunksOf(said, size)), { ...stream, tools });
    expect(findKey(raw)).toEqual([]);
    for (const member of ["text", "thinking", "partial_json"]) {
      const folded = foldDeltas(events, member);
      expect([member, ...findKey(folded)]).toEqual([member]);
      expect(folded.split("[redacted]").length).toBeGreaterThan(encodings.length);
    }
    checkInput(JSON.parse(foldDeltas(events, "partial_json")));
    expect(events.at(-1)).toEqual({ type: "message_stop" });
  });

  test("streamed and whole are the same", async () => {
    const blocks = new Set<string>();
    for (const size of [1, 5, 100_000]) {
      const { events } = await ask(sse(chunksOf(said, size)), { ...stream, tools });
      blocks.add(
        JSON.stringify(["thinking", "text", "partial_json"].map((member) => foldDeltas(events, member))),
      );
    }
    const answer = await ask(json(completionOf(said)), { tools });
    expect(findKey(answer.raw)).toEqual([]);
    const content = objectsOf(
      objectOf(JSON.parse(answer.raw.slice(answer.raw.indexOf("]]") + 2)))["content"],
    );
    checkInput(content[2]?.["input"]);
    const [whole = ""] = blocks;
    expect(blocks.size).toBe(1);
    const [thinking, shown, input] = JSON.parse(whole);
    expect(content.map((block) => block["thinking"] ?? block["text"] ?? block["input"])).toEqual([
      thinking,
      shown,
      JSON.parse(input),
    ]);
  });

  test("not in the escapes of a call's arguments either, and they stay JSON", async () => {
    const escaped = [...key].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join("");
    const slashed = key.replaceAll("/", "\\/").replaceAll("+", "\\u002B");
    const args = `{"a":"\\\\${slashed}","b":"\\n${escaped}\\"","c":"${JSON.stringify(`"${key}"`).slice(1, -1)}"}`;
    for (const size of [1, 4, 1000]) {
      const pieces = args.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
      const chunks = pieces.map((piece) =>
        chunk({ tool_calls: [{ index: 0, id: "call_9", function: { name: "Read", arguments: piece } }] }),
      );
      const { events } = await ask(sse([...chunks, chunk({}, "tool_calls")]), { ...stream, tools });
      expect(JSON.parse(foldDeltas(events, "partial_json"))).toEqual({
        a: "\\zz9[redacted]",
        b: '\nzz9[redacted]"',
        c: '"zz9[redacted]"',
      });
    }
  });

  test("nor in refusals, pages, and names of calls", async () => {
    await using openrouter = await startPair({
      settings: { openaiApiKey: key, upstreamProfile: "openrouter" },
    });
    const call = { index: 0, id: "call_1", function: { name: `Read${key}`, arguments: "{}" } };
    const replies: [Reply, object, string][] = [
      [sse([chunk({ refusal: `no: ${key}` }), chunk({}, "stop")]), {}, '"explanation":"no: zz9[redacted]"'],
      [
        sse([chunk({ content: "see", annotations }), stopChunk]),
        { tools: [search] },
        '"title":"about zz9[redacted]"',
      ],
      [sse([chunk({ tool_calls: [call] }), chunk({}, "tool_calls")]), { tools }, '"name":"Readzz9redacted"'],
    ];
    for (const [reply, asked, told] of replies) {
      openrouter.upstream.reply(reply);
      const raw = await (await openrouter.post({ ...hello, ...stream, ...asked })).text();
      expect(raw).toContain(told);
      expect(findKey(raw)).toEqual([]);
    }
  });

  test("nor in the reasoning that goes to the client compressed", async () => {
    await using openrouter = await startPair({
      settings: { openaiApiKey: key, upstreamProfile: "openrouter" },
    });
    const details = [{ type: "reasoning.encrypted", data: `x${key}`, format: "openai-responses-v1" }];
    openrouter.upstream.reply(
      sse([chunk({ reasoning_details: details }), chunk({ content: "a" }), stopChunk]),
    );
    const raw = await (await openrouter.post({ ...hello, ...stream })).text();
    const envelope = /"data":"(ccp1\.[^"]+)"/.exec(raw)?.[1] ?? "";
    expect(decodeEnvelope(envelope)?.details).toEqual([{ ...details[0], data: "x[redacted]" }]);
  });

  test.each([
    ["a word", "sk-no-key-required", "use sk-no-key-required"],
    ["a short one", "lm-studio-2026!", "use lm-studio-2026!"],
    ["a number", "31337313373133731337", "use 31337313373133731337"],
    ["no word", "sk-no-key-require1", "use sk-[redacted]"],
    ["a long word", "abcdefghijklmnopqrstuvwxyz-ABCDEFG", "use abc[redacted]"],
  ])("[F7] what serves as a key stays if it can be guessed: %s", async (_name, openaiApiKey, told) => {
    await using other = await startPair({ settings: { openaiApiKey } });
    other.upstream.reply(json(completionOf({ text: `use ${openaiApiKey}` })));
    expect(await (await other.post(hello)).text()).toContain(`"text":"${told}"`);
    other.upstream.reply(whole(JSON.stringify({ error: `no ${openaiApiKey} here` }), { status: 400 }));
    expect(await (await other.post(hello)).text()).toContain('"no … here"');
  });

  test("[F7] a key of 8 characters is told by no error", async () => {
    await using other = await startPair({ settings: { openaiApiKey: "8-chars!" } });
    other.upstream.reply(whole(JSON.stringify({ error: "no 8-chars! here" }), { status: 400 }));
    expect(await (await other.post(hello)).text()).toContain('"no … here"');
  });

  test("what was held back and is no key goes out before its block ends", async () => {
    const begun = key.slice(0, 12);
    const said = { reasoning: `why ${begun}`, text: `so ${begun}` };
    for (const size of [1, 100]) {
      const { raw, events } = await ask(sse(chunksOf(said, size)), stream);
      expect([foldDeltas(events, "thinking"), foldDeltas(events, "text")]).toEqual([
        said.reasoning,
        said.text,
      ]);
      expect(findGrammarFaults(new TextEncoder().encode(raw.slice(raw.indexOf("]]") + 2)))).toEqual([]);
      const kinds = events.map(({ type, delta }) => (isObject(delta) ? (delta["type"] ?? type) : type));
      expect(kinds.slice(kinds.lastIndexOf("thinking_delta"))).toEqual([
        ...["thinking_delta", "signature_delta", "content_block_stop", "content_block_start"],
        ...kinds.slice(kinds.indexOf("text_delta"), kinds.lastIndexOf("text_delta") + 1),
        ...["content_block_stop", "message_delta", "message_stop"],
      ]);
    }
    const answer = await ask(json(completionOf(said)));
    expect(answer.raw).toContain(`"text":"${said.text}"`);
  });

  test("ordinary text waits for nothing", async () => {
    const pieces = ["as zz9", " zz", "z ", "the end z"];
    const { events } = await ask(sse([...pieces.map((content) => chunk({ content })), stopChunk]), stream);
    const told = events.flatMap(({ delta }) => (isObject(delta) && "text" in delta ? [delta["text"]] : []));
    expect(told).toEqual(pieces);
  });
});

test("[F7] the key of the clients is told by no answer", async () => {
  const proxyApiKey = "client+key/of/31337-letters";
  await using other = await startPair({ settings: { proxyApiKey } });
  other.upstream.reply(json(completionOf({ text: `it is ${proxyApiKey}` })));
  const headers = { "x-api-key": proxyApiKey };
  expect(await (await other.post(hello, { headers })).text()).toContain("it is cli[redacted]");
  other.upstream.reply(whole(JSON.stringify({ error: `no ${proxyApiKey}` }), { status: 400 }));
  expect(await (await other.post(hello, { headers })).text()).toContain('"no …"');
});

test("[F7] a key that the client has said itself stays in the answer, told whole or streamed", async () => {
  const answer = { text: key, toolCalls: [{ id: "call_1", name: "Read", arguments: { path: key } }] };
  const messages = [{ role: "user", content: `OPENAI_API_KEY=${key}` }];
  const whole = await ask(json(completionOf(answer)), { tools, messages });
  expect(whole.raw.split(key)).toHaveLength(3);
  const { events } = await ask(sse(chunksOf(answer)), { ...stream, tools, messages });
  expect(foldDeltas(events, "text")).toBe(key);
  expect(JSON.parse(foldDeltas(events, "partial_json"))).toEqual({ path: key });
  const toAnother = await ask(sse(chunksOf(answer)), { ...stream, tools });
  expect(foldDeltas(toAnother.events, "text")).not.toContain(key);
});
