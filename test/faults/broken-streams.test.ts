import { describe, expect } from "bun:test";
import { json, whole as wholeBody } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { type Wire, wholeReply, wires } from "../support/wires.ts";
import { type FaultCase, faultTest, faultTests } from "./fault-test.ts";
import { brokenOff, refused, whole } from "./outcomes.ts";

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const broke = "The connection to UPSTREAM broke: ";
const noObject = "UPSTREAM sent an event that is not a JSON object: ";
const early = "UPSTREAM ended the stream early";

/** The text with a byte that no UTF-8 has, in the place of its question mark. */
function withInvalidByte(text: string): Buffer {
  const bytes = Buffer.from(text);
  bytes[bytes.indexOf("?")] = 0xff;
  return bytes;
}

/** True for a byte of UTF-8 that goes on with a character. */
function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** What the client is told when it asked for a stream, and when it asked for a whole answer. */
function listCases(wire: Wire): FaultCase[] {
  const one = wire.text("one");
  const stop = wire.end();
  const { stream } = wire;
  return [
    [
      "[row 10] a reset in the middle of a stream",
      stream([one], { done: false, end: "reset", paceMs: 100 }),
      brokenOff("one", "api_error", `${broke}ECONNRESET`),
      refused(502, "api_error", `${broke}ECONNRESET`),
    ],
    [
      "[row 11] a connection that ends without the last chunk",
      stream([one], { done: false, end: "fin", paceMs: 100 }),
      brokenOff("one", "api_error", `${broke}ECONNRESET`),
      refused(502, "api_error", `${broke}ECONNRESET`),
    ],
    [
      "[row 12] a body that ends in good order, without finish reason and [DONE]",
      stream([one], { done: false, framing: "until-close" }),
      brokenOff("one", "api_error", early),
      refused(502, "api_error", early),
    ],
    [
      "[row 13] no [DONE] after the finish reason",
      stream([one, stop], { done: false }),
      whole("one"),
      whole("one"),
    ],
    ["[row 14] [DONE] without a finish reason", stream([one], { done: true }), whole("one"), whole("one")],
    [
      "[row 15] a last event without its blank line, before the end is known",
      stream([`data: ${JSON.stringify(one)}`], { done: false }),
      brokenOff("one", "api_error", early),
      refused(502, "api_error", early),
    ],
    [
      "[row 15] a last event without its blank line, with the finish reason",
      stream([one, `data: ${JSON.stringify(stop)}`], { done: false }),
      whole("one"),
      whole("one"),
    ],
    [
      "[row 17] an end inside a character",
      wholeBody(Buffer.concat([Buffer.from(event(one)), Buffer.from("data: "), Buffer.from([0xe2, 0x82])]), {
        headers: { "content-type": "text/event-stream" },
      }),
      brokenOff("one", "api_error", "UPSTREAM ended the stream inside a character"),
      refused(502, "api_error", "UPSTREAM ended the stream inside a character"),
    ],
    [
      "[row 18] invalid UTF-8 becomes U+FFFD",
      wholeBody(Buffer.concat([withInvalidByte(event(wire.text("a?b"))), Buffer.from(event(stop))]), {
        headers: { "content-type": "text/event-stream" },
      }),
      whole("a\ufffdb"),
      whole("a\ufffdb"),
    ],
    ["[row 19] CRLF", stream([one, stop], { lineEnd: "\r\n" }), whole("one"), whole("one")],
    ["[row 19] CR", stream([one, stop], { lineEnd: "\r" }), whole("one"), whole("one")],
    [
      "[row 19] mixed line ends and a byte order mark",
      stream([`data: ${JSON.stringify(one)}\r\r\n`, stop], { prefix: "\ufeff" }),
      whole("one"),
      whole("one"),
    ],
    [
      "[row 20] comments",
      stream([": OPENROUTER PROCESSING\n\n", one, ": OPENROUTER PROCESSING\n\n", stop]),
      whole("one"),
      whole("one"),
    ],
    [
      "[row 21] fields and events nobody knows",
      stream([`id: 7\nretry: 1\nevent: surprise\nmood: good\n${event(one)}`, stop]),
      whole("one"),
      whole("one"),
    ],
    [
      "[row 21] an event called error",
      stream([one, `event: error\ndata: {"error":"out of memory"}\n\n`]),
      brokenOff("one", "api_error", "UPSTREAM failed with medium-model: out of memory"),
      refused(502, "api_error", "UPSTREAM failed with medium-model: out of memory"),
    ],
    [
      "[row 24] a chunk that is no JSON, before anything else",
      stream(["data: {nonsense\n\n"]),
      refused(502, "api_error", `${noObject}{nonsense`),
      refused(502, "api_error", `${noObject}{nonsense`),
    ],
    [
      "[row 24] a chunk that is no JSON, after text",
      stream([one, `data: ${"{nonsense ".repeat(60)}\n\n`, stop]),
      brokenOff("one", "api_error", `${noObject}${"{nonsense ".repeat(60).slice(0, 199)}…`),
      refused(502, "api_error", `${noObject}${"{nonsense ".repeat(60).slice(0, 199)}…`),
    ],
    [
      "[row 25] an error as the first chunk",
      stream([{ error: { code: 429, message: "slow down" } }]),
      refused(429, "rate_limit_error", "UPSTREAM limits requests for medium-model: slow down"),
      refused(429, "rate_limit_error", "UPSTREAM limits requests for medium-model: slow down"),
    ],
    [
      "[row 25] an error as a later chunk",
      stream([one, { error: { code: 429, message: "slow down" } }]),
      brokenOff("one", "rate_limit_error", "UPSTREAM limits requests for medium-model: slow down"),
      refused(429, "rate_limit_error", "UPSTREAM limits requests for medium-model: slow down"),
    ],
    [
      "[row 26] an error as JSON with 200",
      json({ error: { message: "no such luck" } }),
      refused(502, "api_error", "UPSTREAM failed with medium-model: no such luck"),
      refused(502, "api_error", "UPSTREAM failed with medium-model: no such luck"),
    ],
    [
      "[row 27] a page with 200",
      wholeBody("<html><title>Sign in</title></html>", { headers: { "content-type": "text/html" } }),
      refused(
        424,
        "api_error",
        `UPSTREAM answered text/html (Sign in) and no ${wire.answerName}. Check the setting BASE_URL`,
      ),
      refused(
        424,
        "api_error",
        `UPSTREAM answered text/html (Sign in) and no ${wire.answerName}. Check the setting BASE_URL`,
      ),
    ],
    [
      "[row 27] a page with 502",
      wholeBody("<html><title>Bad gateway</title></html>", {
        status: 502,
        headers: { "content-type": "text/html" },
      }),
      refused(502, "api_error", "UPSTREAM failed with medium-model: Bad gateway"),
      refused(502, "api_error", "UPSTREAM failed with medium-model: Bad gateway"),
    ],
    [
      "[row 28] a whole answer to a request for a stream",
      wholeReply(wire, { text: "one" }),
      whole("one"),
      whole("one"),
    ],
    ["[row 29] a stream to a request for a whole answer", stream([one, stop]), whole("one"), whole("one")],
    [
      "[row 38] 100 and 103 before 200",
      {
        ...stream([one, stop]),
        head: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${stream([]).head}`,
      },
      whole("one"),
      whole("one"),
    ],
    [
      "[row 39] chunk extensions that mean nothing",
      {
        ...stream([]),
        chunked: false,
        body: [
          Buffer.from(
            `${event(one).length.toString(16)};x=y;;;\r\n${event(one)}\r\n${event(stop).length.toString(16)}\r\n${event(stop)}\r\n0\r\n\r\n`,
          ),
        ],
      },
      whole("one"),
      whole("one"),
    ],
    [
      "[row 39] a chunk size that is none",
      {
        ...stream([]),
        chunked: false,
        body: [
          Buffer.from(`${event(one).length.toString(16)}\r\n${event(one)}\r\n`),
          { waitMs: 50 },
          Buffer.from("zz\r\nabc\r\n"),
        ],
        end: "stall",
      },
      brokenOff("one", "api_error", `${broke}InvalidHTTPResponse`),
      refused(502, "api_error", `${broke}InvalidHTTPResponse`),
    ],
    [
      "[row 40] a body shorter than announced",
      {
        ...wholeBody("", { headers: { "content-type": "text/event-stream", "content-length": "9999" } }),
        body: [Buffer.from(event(one)), { waitMs: 100 }],
        end: "fin",
      },
      brokenOff("one", "api_error", `${broke}ECONNRESET`),
      refused(502, "api_error", `${broke}ECONNRESET`),
    ],
    [
      "[row 40] a body longer than announced",
      wholeBody(event(one) + event(stop), {
        headers: {
          "content-type": "text/event-stream",
          "content-length": String(event(one).length),
          connection: "close",
        },
        end: "fin",
      }),
      brokenOff("one", "api_error", early),
      refused(502, "api_error", early),
    ],
  ];
}

describe.each(wires)("$id", (wire) => {
  const { stream } = wire;

  faultTests(wire, listCases(wire));

  faultTest(
    "[row 10] the client hears of a reset soon",
    async (stage) => {
      stage.upstream.reply(stream([wire.text("one")], { done: false, end: "reset", paceMs: 100 }));
      const startedAtMs = performance.now();
      expect((await stage.ask()).outcome).toEqual(brokenOff("one", "api_error", `${broke}ECONNRESET`));
      expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
    },
    { wire },
  );

  faultTest(
    "[row 16] a character that is split at every byte",
    async (stage) => {
      const text = "aé€🙂";
      const events = [wire.text(text), wire.end()];
      const bytes = Buffer.from(events.map(event).join(""));
      const everyByte = Array.from(bytes, (_, index) => index + 1);
      const insideCharacters = everyByte.filter((position) => isContinuation(bytes[position]));
      expect(insideCharacters.length).toBe(6);
      // With pauses between them the pieces are reads of their own; without, they come as one.
      for (const splitAt of [insideCharacters, ...insideCharacters.map((position) => [position])]) {
        stage.upstream.reply(stream(events, { splitAt, paceMs: 20 }));
        expect((await stage.ask()).outcome).toEqual(whole(text));
      }
      for (const splitAt of [everyByte, ...everyByte.map((position) => [position])]) {
        stage.upstream.reply(stream(events, { splitAt }));
        expect((await stage.ask()).outcome).toEqual(whole(text));
      }
    },
    { wire },
  );

  faultTest(
    "[row 20] comments tell that the upstream lives, and the client hears none",
    async (stage) => {
      const comments = Array.from({ length: 8 }, () => ": OPENROUTER PROCESSING\n\n");
      stage.upstream.reply(stream([...comments, ...wire.events({ text: "late" })], { paceMs: 100 }));
      const { outcome, raw } = await stage.ask();
      expect([outcome, raw.includes("OPENROUTER")]).toEqual([whole("late"), false]);
    },
    { wire, limits: { idleMs: 400 } },
  );
});
