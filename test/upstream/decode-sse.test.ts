import { describe, expect, test } from "bun:test";
import { chatDecoder } from "../../src/protocols/chat/answer/chat-decoder.ts";
import type { ChatChunk } from "../../src/protocols/chat/chat-response.ts";
import { createSseDecoder, type SseDecoderOptions } from "../../src/upstream/decode-sse.ts";
import { chunk, done, malformed, plainItems, reported } from "./plain-items.ts";

const encoder = new TextEncoder();

/** Decodes a whole body in one piece. */
function decode(body: string | Uint8Array, options: Partial<SseDecoderOptions<ChatChunk>> = {}): unknown[] {
  const decoder = createSseDecoder({ decoder: chatDecoder, ...options });
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  return plainItems([...decoder.push(bytes), ...decoder.finish()]);
}

const a = chunk({ a: 1 });
const b = chunk({ b: 2 });
const usage = '{"choices":[],"usage":{"prompt_tokens":9}}';
const told = chunk({ choices: [], usage: { prompt_tokens: 9 } });
const groq = chunk({ choices: [], x_groq: { usage: {} } });

describe("an event stream", () => {
  const cases: [string, string, unknown[]][] = [
    ["data with a space", 'data: {"a":1}\n\ndata: [DONE]\n\n', [a, done]],
    ["data without a space", 'data:{"a":1}\n\ndata:[DONE]\n\n', [a, done]],
    ["CRLF", 'data: {"a":1}\r\n\r\ndata: [DONE]\r\n\r\n', [a, done]],
    ["CR", 'data: {"a":1}\r\rdata: [DONE]\r\r', [a, done]],
    ["mixed line ends", 'data: {"a":1}\r\n\ndata: {"b":2}\r\r\ndata: [DONE]\n\r\n', [a, b, done]],
    ["a byte order mark", '\ufeffdata: {"a":1}\n\n', [a]],
    ["comments", ': OPENROUTER PROCESSING\n\n:\n\ndata: {"a":1}\n\n: bye\n\n', [a]],
    ["several data lines of one event", 'data: {\ndata: "a":\ndata: 1}\n\n', [a]],
    [
      "ids, retries, unknown fields and event names",
      'id: 7\nretry: 5\nfoo: x\nevent: message\ndata: {"a":1}\n\n',
      [a],
    ],
    ["blank data and null", 'data:\n\ndata:   \n\ndata: null\n\ndata: {"a":1}\n\n', [a]],
    ["blanks around the end", "data:  [DONE] \n\n", [done]],
    ["nothing after the end", 'data: [DONE]\n\ndata: {"a":1}\n\ndata: oops\n\n', [done]],
    ["no end", 'data: {"a":1}\n\n', [a]],
    [
      "no choices",
      'data: {"choices":[],"usage":{"prompt_tokens":9}}\n\n',
      [chunk({ choices: [], usage: { prompt_tokens: 9 } })],
    ],
    [
      "an error in a chunk, whose text comes first",
      'data: {"error":{"message":"no"},"a":1}\n\n',
      [chunk({ error: { message: "no" }, a: 1 })],
    ],
    [
      "an error in an array (Gemini)",
      'data: [{"error":{"code":400}}]\n\n',
      [chunk({ error: { code: 400 } })],
    ],
    ["signs of life", 'event: ping\ndata: ping\n\ndata: keep-alive\n\ndata: 12:30\n\ndata: {"a":1}\n\n', [a]],
    ["a sign of life at the end", 'data: {"a":1}\n\ndata: ping', [a]],
    ["usage behind the end", `data: {"a":1}\n\ndata: [DONE]\n\ndata: ${usage}\n\n`, [a, told, done]],
    ["the first of two behind it", `data: [DONE]\n\ndata: ${usage}\n\ndata: {"usage":{}}\n\n`, [told, done]],
    ["usage behind it that no blank line ends", `data: [DONE]\n\ndata: ${usage}`, [told, done]],
    [
      "no more than its usage",
      `data: [DONE]\n\ndata: {"id":"x","usage":{"prompt_tokens":9}}\n\n`,
      [told, done],
    ],
    ["what Groq calls usage", 'data: [DONE]\n\ndata: {"x_groq":{"usage":{}}}\n\n', [groq, done]],
    [
      "no second usage",
      `data: ${usage}\n\ndata: [DONE]\n\ndata: {"usage":{"prompt_tokens":1}}\n\n`,
      [told, done],
    ],
    ["no failure behind the end", "data: [DONE]\n\ndata: {oops\n\nevent: error\ndata: x\n\n", [done]],
    ["an empty body", "", []],
    ["comments only", ": a\n\n: b\n\n", []],
  ];
  test.each(cases)("[4.2] %s", (_name, body, expected) => {
    expect(decode(body)).toEqual(expected);
  });
});

test("[4.2:late-usage] usage that has come is not waited for", () => {
  const decoder = createSseDecoder({ decoder: chatDecoder });
  expect(decoder.push(encoder.encode("data: [DONE]\n\n"))).toEqual([]);
  expect(decoder.awaitsUsage).toBe(true);
  const another = createSseDecoder({ decoder: chatDecoder });
  expect(another.push(encoder.encode(`data: ${usage}\n\ndata: [DONE]\n\n`))).toEqual([told, done]);
  expect(another.awaitsUsage).toBe(false);
});

/** Pairs of lines that are two events, and what cannot be. */
describe("one line break between events", () => {
  const cases: [string, string, unknown[]][] = [
    ["data behind data", 'data: {"a":1}\ndata: {"b":2}\n', [a, b]],
    ["without a line end", 'data:{"a":1}\ndata:{"b":2}', [a, b]],
    ["blanks at the ends of lines", 'data: {"a":1} \t\ndata:  {"b":2} \n', [a, b]],
    ["the mark of the end", 'data: {"a":1}\ndata: [DONE]\n', [a, done]],
    ["names of events", 'event: x\ndata: {"a":1}\nevent: x\ndata: {"b":2}\nid: 1\n', [a, b]],
    ["ids and retries", 'id: 1\ndata: {"a":1}\nretry: 3\nid: 2\ndata: {"b":2}\n', [a, b]],
    ["signs of life", 'data: ping\ndata: {"a":1}\ndata: ping\ndata: {"b":2}\ndata: ping\n', [a, b]],
    ["comments", ': hi\ndata: {"a":1}\n: hi\ndata: {"b":2}\n\n', [a, b]],
    ["usage behind the end", `data: {"a":1}\ndata: [DONE]\ndata: ${usage}\n`, [a, told, done]],
    ["a late error", 'data: {"a":1}\nevent: error\ndata: no\n\n', [a, reported("no")]],
    [
      "a late error that is an object",
      'data: {"a":1}\nevent: error\ndata: {"message":"no"}\n\n',
      [a, reported({ message: "no" })],
    ],
    ["one event of braces", 'data: {"a":{}\ndata: ,"b":[{}\ndata: ]}\n\n', [chunk({ a: {}, b: [{}] })]],
    ["one event of many lines", 'data: {"a":\ndata: 1\ndata: }\ndata:\n\n', [a]],
    [
      "one that is cut",
      'data: {"a":1\ndata: {"b":2}\n\n',
      [malformed('The upstream sent an event that is not a JSON object: {"a":1\n{"b":2}')],
    ],
  ];
  test.each(cases)("[4.2:single-breaks] %s", (_name, body, expected) => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const bytes = encoder.encode(body.replaceAll("\n", end));
      expect(decode(bytes)).toEqual(expected);
      for (let position = 0; position <= bytes.length; position += 1) {
        const decoder = createSseDecoder({ decoder: chatDecoder });
        const pieces = [bytes.subarray(0, position), bytes.subarray(position)];
        const items = [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()];
        expect(plainItems(items)).toEqual(expected);
      }
    }
  });

  test("[4.2:single-breaks] each comes with the beginning of the next, not at the end of the stream", () => {
    const decoder = createSseDecoder({ decoder: chatDecoder });
    expect(decoder.push(encoder.encode('data: {"a":1}\n'))).toEqual([]);
    expect(decoder.push(encoder.encode('data: {"b":2}\n'))).toEqual([a]);
    expect(decoder.push(encoder.encode("data: [DONE]\n"))).toEqual([b]);
    expect(decoder.finish()).toEqual([done]);
  });
});

describe("lines of bare JSON", () => {
  const cases: [string, string, unknown[]][] = [
    ["one after the other", '{"a":1}\n{"b":2}\n', [a, b]],
    ["the last without a line end", '{"a":1}\n{"b":2}', [a, b]],
    ["with CRLF", '{"a":1}\r\n{"b":2}\r\n', [a, b]],
    [
      "a late error in a stream",
      'data: {"a":1}\n\n{"error":{"message":"no"}}\n',
      [a, chunk({ error: { message: "no" } })],
    ],
    ["right after a data line", 'data: {"a":1}\n{"b":2}\n\n', [a, b]],
    ["with a brace inside", '{"b":2}\n\ndata: {"a":1}\n\n', [b, a]],
    ["an array", '[{"error":{"code":400}}]\n', [chunk({ error: { code: 400 } })]],
    ["the end", "[DONE]\n", [done]],
  ];
  test.each(cases)("[4.2] %s", (_name, body, expected) => {
    expect(decode(body)).toEqual(expected);
  });
});

describe("a failure", () => {
  const cases: [string, string, unknown[]][] = [
    [
      "data that is no JSON",
      'data: {"a":1}\n\ndata: {oops\n\ndata: {"b":2}\n\n',
      [a, malformed("The upstream sent an event that is not a JSON object: {oops")],
    ],
    [
      "data that is no object",
      'data: "7"\n\n',
      [malformed('The upstream sent an event that is not a JSON object: "7"')],
    ],
    [
      "words that tell of a failure",
      "data: Internal Server Error\n\n",
      [malformed("The upstream sent an event that is not a JSON object: Internal Server Error")],
    ],
    [
      "a long text is cut to 200 characters",
      `data: ${"x".repeat(300)}\n\n`,
      [malformed(`The upstream sent an event that is not a JSON object: ${"x".repeat(199)}…`)],
    ],
    [
      "a text of 200 characters is whole",
      `data: ${"x".repeat(200)}\n\n`,
      [malformed(`The upstream sent an event that is not a JSON object: ${"x".repeat(200)}`)],
    ],
    [
      "a body that ends inside an event",
      'data: {"a":1}\n\ndata: {"b"',
      [a, malformed("The upstream ended the stream inside an event")],
    ],
    [
      "event: error with an object",
      'event: error\ndata: {"error":{"message":"no"},"message":"no"}\n\ndata: {"a":1}\n\n',
      [reported({ error: { message: "no" }, message: "no" })],
    ],
    ["event: error with a text", "event: error\ndata: out of memory\n\n", [reported("out of memory")]],
    [
      "event: error at the end of the body",
      'event: error\ndata: {"error":"no"}',
      [reported({ error: "no" })],
    ],
  ];
  test.each(cases)("[4.2] %s", (_name, body, expected) => {
    expect(decode(body)).toEqual(expected);
  });

  test("[4.2:lines] a last event without a blank line counts", () => {
    expect(decode('data: {"a":1}\n\ndata: {"b":2}')).toEqual([a, b]);
    expect(decode('data: {"a":1}\n\ndata: [DONE]')).toEqual([a, done]);
    expect(decode('data: {"a":1}\n\ndata: {"b":2}\r')).toEqual([a, b]);
  });

  test("[4.2:lines 4.7:early-end] a body that ends inside a character is cut", () => {
    const bytes = encoder.encode('data: {"a":1}\n\ndata: {"b":"é');
    expect(decode(bytes.subarray(0, -1))).toEqual([
      a,
      malformed("The upstream ended the stream inside a character"),
    ]);
  });

  test("[4.2:done] a cut character after the end does not matter", () => {
    const bytes = encoder.encode("data: [DONE]\n\né");
    expect(decode(bytes.subarray(0, -1))).toEqual([done]);
  });

  test("[4.2:lines] invalid UTF-8 becomes U+FFFD", () => {
    const bytes = new Uint8Array([...encoder.encode('data: {"a":"'), 0xff, ...encoder.encode('"}\n\n')]);
    expect(decode(bytes)).toEqual([chunk({ a: "\ufffd" })]);
  });
});

test("[4.2:done] usage that came before other chunks is not waited for behind the end", () => {
  const decoder = createSseDecoder({ decoder: chatDecoder });
  const items = decoder.push(encoder.encode(`data: ${usage}\n\ndata: {"a":1}\n\ndata: [DONE]\n\n`));
  expect([plainItems([...items]), decoder.awaitsUsage]).toEqual([[told, a, done], false]);
});

describe("the limit on an event", () => {
  const json = (length: number): string => `"${"x".repeat(length - 2)}"`;
  const object = (length: number): string => `{"a":${json(length - 6)}}`;
  const tooLong = [malformed("The upstream sent an event of more than 100 characters")];

  test("[4.2:limit] an event of that length passes, one character more does not", () => {
    expect(decode(`data: ${object(100)}\n\n`, { maxEventLength: 100 })).toEqual([
      chunk({ a: "x".repeat(92) }),
    ]);
    expect(decode(`data: ${object(101)}\n\n`, { maxEventLength: 100 })).toEqual(tooLong);
  });

  test("[4.2:limit] it is 16 Mi characters where nothing else is said", () => {
    const most = 16 * 1024 * 1024;
    expect(decode(`data: ${object(most)}\n\n`)).toHaveLength(1);
    expect(decode(`data: ${object(most)}\n\n`)).not.toContainEqual(
      expect.objectContaining({ kind: "failure" }),
    );
    expect(decode(`data: ${object(most + 1)}\n\n`)).toEqual([
      malformed(`The upstream sent an event of more than ${most} characters`),
    ]);
  });

  /** A function, so that no body of millions is kept. */
  const decodeTimes = (text: string, times: number, end: string): unknown[] => {
    const decoder = createSseDecoder({ decoder: chatDecoder });
    const bytes = encoder.encode(text);
    const items = [];
    for (let time = 0; time < times; time += 1) items.push(...decoder.push(bytes));
    return plainItems([...items, ...decoder.push(encoder.encode(end)), ...decoder.finish()]);
  };
  const tooMany = [malformed("The upstream sent an event of more than 500000 lines and reads")];

  test.each(["data:\n", "data\n", "data:\r\n", "data: \r", "data: 1\nid: 7\n"])(
    "[F16] an event of millions of lines %j is given up",
    (line) => {
      expect(decodeTimes(line.repeat(1000), 600, "\n")).toEqual(tooMany);
    },
  );

  test("[F16] an event that comes byte by byte may be half a million of them", () => {
    const passed = decodeTimes(" ", 400_000, "\n\n");
    expect(passed).toEqual([]);
    const decoder = createSseDecoder({ decoder: chatDecoder });
    decoder.push(encoder.encode('data: {"a":"'));
    const blanks = Array.from({ length: 600_000 }, () => decoder.push(encoder.encode(" "))).flat();
    expect(plainItems(blanks)).toEqual(tooMany);
  });

  test("[F16] many lines of data are one event, and comments and blank lines are none", () => {
    const lines = `data: {"a":\n${"data:\n".repeat(1000)}data: 1}\n\n`;
    expect(decodeTimes(lines, 1000, "")).toEqual(Array.from({ length: 1000 }, () => a));
    expect(decodeTimes(": still here\n\n", 600_000, 'data: {"a":1}\n\n')).toEqual([a]);
    expect(decodeTimes(": still here\r\n\r\n", 600_000, 'data: {"a":1}\n\n')).toEqual([a]);
  });

  test("[4.2:limit] a line without an end is given up, and nothing comes after it", () => {
    const decoder = createSseDecoder({ decoder: chatDecoder, maxEventLength: 100 });
    const items = Array.from({ length: 40 }, () => decoder.push(encoder.encode("data: xxxxx"))).flat();
    expect(
      plainItems([...items, ...decoder.push(encoder.encode("\n\ndata: [DONE]\n\n")), ...decoder.finish()]),
    ).toEqual(tooLong);
  });

  test("[4.2:limit] so is a line of bare JSON without an end, and an event of many lines", () => {
    const push = (line: string) => {
      const decoder = createSseDecoder({ decoder: chatDecoder, maxEventLength: 100 });
      return plainItems(Array.from({ length: 40 }, () => decoder.push(encoder.encode(line))).flat());
    };
    expect(push("{{{{{{{{{{{")).toEqual(tooLong);
    expect(push("data: 12345\n")).toEqual(tooLong);
  });

  test("[4.2:limit] comments without an end cost nothing", () => {
    const decoder = createSseDecoder({ decoder: chatDecoder, maxEventLength: 100 });
    decoder.push(encoder.encode(":"));
    for (let i = 0; i < 100; i++) expect(decoder.push(encoder.encode("xxxxxxxxxx"))).toEqual([]);
    expect(plainItems(decoder.push(encoder.encode('\ndata: {"a":1}\n\n')))).toEqual([a]);
  });

  test("[4.2:limit] 10 MB pass by default", () => {
    const text = "é".repeat(5_000_000);
    // Marked, because all that is done with it takes its time.
    expect(decode(`data: {"a":"${text}"}\n\n`)).toEqual([{ ...chunk({ a: text }), isLong: true }]);
  });
});

describe("our key", () => {
  const redact = (text: string): string => text.replaceAll("canary-key", "…");
  test("is taken out of whatever tells of an error", () => {
    expect(decode("data: {oops canary-key\n\n", { redact })).toEqual([
      malformed("The upstream sent an event that is not a JSON object: {oops …"),
    ]);
    expect(decode('event: error\ndata: {"error":"canary-key"}\n\n', { redact })).toEqual([
      reported({ error: "…" }),
    ]);
    expect(decode('data: {"error":{"message":"canary-key"}}\n\n', { redact })).toEqual([
      chunk({ error: { message: "…" } }),
    ]);
    expect(decode('data: {"choices":[{"error":{"message":"canary-key"}}]}\n\n', { redact })).toEqual([
      chunk({ choices: [{ error: { message: "…" } }] }),
    ]);
  });

  test("is left in an answer, which is the model's own", () => {
    const answer = { choices: [{ delta: { content: "canary-key" } }] };
    expect(decode(`data: ${JSON.stringify(answer)}\n\n`, { redact })).toEqual([chunk(answer)]);
  });
});
