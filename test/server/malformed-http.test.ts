// Malformed HTTP/1.1, sent as bytes. It is Bun that parses requests: whoever takes another version of it runs these first.
// Last true for Bun 1.4.5.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connectRaw } from "../faults/raw-client.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello, type Pair, startPair } from "../support/start-pair.ts";

let pair: Pair;

beforeAll(async () => {
  pair = await startPair();
  pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
});

afterAll(async () => {
  await pair[Symbol.asyncDispose]();
});

const body = JSON.stringify(hello);
const length = `Content-Length: ${body.length}`;
const chunked = "Transfer-Encoding: chunked";
const host = "Host: 127.0.0.1:#PORT";
const type = "Content-Type: application/json";
const chunkOf = (text: string, extension = "") => `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
const lastChunk = "0\r\n\r\n";

/** A request as it is sent; every `#PORT` becomes the server's, which has five digits, too. */
function request(lines: readonly string[], content = "", first = "POST /v1/messages HTTP/1.1"): string {
  return [first, ...lines, "", content].join("\r\n");
}

/** What a server behind one that reads otherwise must not take for a request of its own. */
const hidden = request([host, type, length], body);
const good = [host, type];

/**
 * `refused`: a status of 4xx or 505, or no word and an end. `answered`: what some take for malformed and Bun does not; one
 * request. `cut`: the same, but what is behind it is refused before there is an answer, and the connection ends with that.
 * `unasked`: answered without a request to the upstream. `waits`: to the server there is more to come.
 */
type Outcome = "refused" | "answered" | "cut" | "unasked" | "waits";

const cases: readonly [name: string, bytes: string, outcome: Outcome][] = [
  // Two lengths: who believes the one sees another request behind it than who believes the other.
  ["a length and chunks", request([...good, length, chunked], chunkOf(body) + lastChunk), "refused"],
  [
    "a length and chunks, with a request behind",
    request([...good, "Content-Length: 5", chunked], lastChunk + hidden),
    "refused",
  ],
  ["chunks and a length", request([...good, chunked, length], chunkOf(body) + lastChunk), "refused"],
  ["two lengths that differ", request([...good, length, "Content-Length: 0"], body), "refused"],
  [
    "two lengths that differ, the shorter first",
    request([...good, "Content-Length: 0", length], hidden),
    "refused",
  ],
  ["two lengths in one line", request([...good, `${length}, ${body.length}`], body), "refused"],
  ["two different lengths in one line", request([...good, `${length}, 0`], body + hidden), "refused"],
  ["the same length twice", request([...good, length, length], body), "answered"],
  ["a length with a plus", request([...good, `Content-Length: +${body.length}`], body), "refused"],
  ["a length with a minus", request([...good, "Content-Length: -1"], body), "refused"],
  [
    "a length in hexadecimal",
    request([...good, `Content-Length: 0x${body.length.toString(16)}`], body),
    "refused",
  ],
  ["a length with a space inside", request([...good, "Content-Length: 1 0"], body), "refused"],
  ["a length with a point", request([...good, `${length}.0`], body), "refused"],
  ["a length with an exponent", request([...good, "Content-Length: 1e2"], body), "refused"],
  ["a length that is a word", request([...good, "Content-Length: all"], body), "refused"],
  ["a length beyond 64 bits", request([...good, "Content-Length: 99999999999999999999999"], body), "refused"],
  ["no length's digits", request([...good, "Content-Length:"], body), "refused"],
  ["a length with an underscore", request([...good, `Content_Length: ${body.length}`], body), "refused"],
  // Codings.
  ["a coding that nobody knows", request([...good, "Transfer-Encoding: cow"], body), "refused"],
  [
    "chunked and another",
    request([...good, "Transfer-Encoding: chunked, identity"], chunkOf(body) + lastChunk),
    "refused",
  ],
  [
    "another and chunked",
    request([...good, "Transfer-Encoding: gzip, chunked"], chunkOf(body) + lastChunk),
    "refused",
  ],
  ["chunked twice", request([...good, chunked, chunked], chunkOf(body) + lastChunk), "refused"],
  [
    "chunked with a letter too many",
    request([...good, "Transfer-Encoding: xchunked"], chunkOf(body) + lastChunk),
    "refused",
  ],
  [
    "chunked with a vertical tab",
    request([...good, "Transfer-Encoding: \u000bchunked"], chunkOf(body) + lastChunk),
    "refused",
  ],
  [
    "chunked behind a folded line",
    request([...good, "Transfer-Encoding:", " chunked"], chunkOf(body) + lastChunk),
    "refused",
  ],
  [
    "a coding in HTTP/1.0",
    request([...good, chunked], chunkOf(body) + lastChunk, "POST /v1/messages HTTP/1.0"),
    "refused",
  ],
  // Chunks.
  [
    "a chunk's size that is no number",
    request([...good, chunked], `zz\r\n${body}\r\n${lastChunk}`),
    "refused",
  ],
  ["a chunk's size with a minus", request([...good, chunked], `-5\r\n${body}\r\n${lastChunk}`), "refused"],
  ["a chunk's size with 0x", request([...good, chunked], `0x${chunkOf(body)}${lastChunk}`), "refused"],
  [
    "a chunk's size beyond 64 bits",
    request([...good, chunked], `fffffffffffffffff\r\n${body}\r\n${lastChunk}`),
    "refused",
  ],
  ["a chunk's size that is left out", request([...good, chunked], `\r\n${body}\r\n${lastChunk}`), "refused"],
  [
    "a chunk that is longer than its size",
    request([...good, chunked], `5\r\n${body}\r\n${lastChunk}`),
    "refused",
  ],
  [
    "a chunk without its line end",
    request([...good, chunked], `${body.length.toString(16)}\r\n${body}${lastChunk}`),
    "refused",
  ],
  [
    "chunks with bare line feeds",
    request([...good, chunked], `${body.length.toString(16)}\n${body}\n0\n\n`),
    "refused",
  ],
  [
    "a chunk's extension with garbage",
    request([...good, chunked], chunkOf(body, ';a="\u0000\u0001') + lastChunk),
    "refused",
  ],
  [
    "a chunk's extension with a line feed",
    request([...good, chunked], chunkOf(body, ";a\nb") + lastChunk),
    "refused",
  ],
  [
    "a chunk's extension of 100 KB",
    request([...good, chunked], chunkOf(body, `;${"a".repeat(100_000)}`) + lastChunk),
    "refused",
  ],
  [
    "a trailer, with a request behind",
    request([...good, chunked], `${chunkOf(body)}0\r\nX: y\r\n\r\n${hidden}`),
    "cut",
  ],
  ["a trailer", request([...good, chunked], `${chunkOf(body)}0\r\nX: y\r\n\r\n`), "cut"],
  ["a trailer that is a request", request([...good, chunked], `${chunkOf(body)}0\r\n${hidden}`), "cut"],
  // Lines of the head.
  ["a folded line", request([...good, "X-Folded: one", " two", length], body), "refused"],
  ["a folded line first", request([" X-Folded: two", ...good, length], body), "refused"],
  ["a space before the colon", request([...good, `Content-Length : ${body.length}`], body), "refused"],
  ["a space in a name", request([...good, "X Name: a", length], body), "refused"],
  ["a line without a colon", request([...good, "X-Name", length], body), "refused"],
  ["a line without a name", request([...good, ": a", length], body), "refused"],
  ["a NUL in a value", request([...good, "X-Name: a\u0000b", length], body), "refused"],
  ["a NUL in a name", request([...good, "X-\u0000: a", length], body), "refused"],
  ["a bare CR in a value", request([...good, `X-Name: a\rContent-Length: 0`, length], body), "refused"],
  ["a bare LF in a value", request([...good, `X-Name: a\nContent-Length: 0`, length], body), "refused"],
  ["a control character in a value", request([...good, "X-Name: a\u0001b", length], body), "refused"],
  [
    "a head with bare line feeds",
    ["POST /v1/messages HTTP/1.1", ...good, length, "", body].join("\n"),
    "refused",
  ],
  [
    "a head with bare carriage returns",
    ["POST /v1/messages HTTP/1.1", ...good, length, "", body].join("\r"),
    "refused",
  ],
  ["a value of 1 MB", request([...good, `X-Name: ${"a".repeat(1_000_000)}`, length], body), "refused"],
  ["a name of 100 KB", request([...good, `${"X".repeat(100_000)}: a`, length], body), "refused"],
  [
    "300 lines",
    request([...good, ...Array.from({ length: 300 }, (_, at) => `X-${at}: a`), length], body),
    "refused",
  ],
  // Whom it is for.
  ["no Host", request([type, length], body), "refused"],
  ["two Hosts", request([host, "Host: evil.example", type, length], body), "refused"],
  ["the same Host twice", request([host, host, type, length], body), "refused"],
  ["an empty Host", request(["Host:", type, length], body), "refused"],
  ["a Host with a user", request(["Host: 127.0.0.1:#PORT@evil.example", type, length], body), "refused"],
  [
    "an absolute address of another",
    request([...good, length], body, "POST http://evil.example/v1/messages HTTP/1.1"),
    "answered",
  ],
  [
    "an absolute address of another, and its Host",
    request(["Host: evil.example", type, length], body, "POST http://127.0.0.1:#PORT/v1/messages HTTP/1.1"),
    "refused",
  ],
  // The first line.
  ["a method in small letters", request([...good, length], body, "post /v1/messages HTTP/1.1"), "refused"],
  ["a method that nobody knows", request([...good, length], body, "BREW /v1/messages HTTP/1.1"), "refused"],
  [
    "a method with a character that none has",
    request([...good, length], body, "PO(ST /v1/messages HTTP/1.1"),
    "refused",
  ],
  ["a tunnel", request(good, hidden, "CONNECT 127.0.0.1:#PORT HTTP/1.1"), "refused"],
  ["no method", request([...good, length], body, "/v1/messages HTTP/1.1"), "refused"],
  ["no address", request([...good, length], body, "POST  HTTP/1.1"), "refused"],
  [
    "an address that begins nowhere",
    request([...good, length], body, "POST v1/messages HTTP/1.1"),
    "refused",
  ],
  ["a star", request([...good, length], body, "POST * HTTP/1.1"), "refused"],
  ["a space in the address", request([...good, length], body, "POST /v1/ messages HTTP/1.1"), "refused"],
  ["a NUL in the address", request([...good, length], body, "POST /v1/messages\u0000 HTTP/1.1"), "refused"],
  [
    "an address of 100 KB",
    request([...good, length], body, `POST /v1/messages?${"a".repeat(100_000)} HTTP/1.1`),
    "refused",
  ],
  ["tabs for spaces", request([...good, length], body, "POST\t/v1/messages\tHTTP/1.1"), "refused"],
  ["no version", request([...good, length], body, "POST /v1/messages"), "refused"],
  ["HTTP/0.9", request([...good, length], body, "POST /v1/messages HTTP/0.9"), "refused"],
  ["HTTP/1.2", request([...good, length], body, "POST /v1/messages HTTP/1.2"), "refused"],
  ["HTTP/2.0", request([...good, length], body, "POST /v1/messages HTTP/2.0"), "refused"],
  ["a version in small letters", request([...good, length], body, "POST /v1/messages http/1.1"), "refused"],
  ["another protocol", request([...good, length], body, "POST /v1/messages RTSP/1.0"), "refused"],
  ["the preface of HTTP/2", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`, "refused"],
  [
    "the greeting of TLS",
    `\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003${"\u0000".repeat(64)}`,
    "refused",
  ],
  ["an answer instead of a request", `HTTP/1.1 200 OK\r\n${length}\r\n\r\n${body}`, "refused"],
  ["empty lines and a request", `\r\n\r\n${hidden}`, "refused"],
  // What is behind a request.
  [
    "a length that is too short, with garbage behind",
    request([...good, length], `${body}garbage`),
    "answered",
  ],
  [
    "a request to read, with a body that is one",
    request([host, `Content-Length: ${hidden.length}`], hidden, "GET /health HTTP/1.1"),
    "unasked",
  ],
  ["a head that does not end", "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:#PORT\r\n", "waits"],
  ["a body that does not end", request([...good, "Content-Length: 100000"], body), "waits"],
];

interface Seen {
  /** All that came, once nothing more does. */
  received: string;
  isClosed: boolean;
}

/** Sends the bytes and waits for the end of the connection, or until no more comes. */
async function send(bytes: string): Promise<Seen> {
  const text = bytes.replaceAll("#PORT", String(pair.proxy.port));
  const client = await connectRaw(pair.proxy.port, Buffer.from(text, "latin1"));
  let isClosed = false;
  client.socket.on("close", () => {
    isClosed = true;
  });
  for (let quietMs = 0, seen = 0; !isClosed && quietMs < 300; quietMs += 10) {
    await Bun.sleep(10);
    if (client.received().length > seen) quietMs = 0;
    seen = client.received().length;
  }
  const received = client.received();
  client.socket.destroy();
  return { received, isClosed };
}

const statusesOf = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe("a malformed message is no more than one request, and others are served", () => {
  test.each(cases)("%s", async (_name, bytes, outcome) => {
    const before = pair.upstream.requests.length;
    const { received, isClosed } = await send(bytes);
    // What was cut may still be on its way up.
    if (outcome === "cut") await Bun.sleep(50);
    const executed = pair.upstream.requests.length - before;
    const [first, ...others] = statusesOf(received);
    if (outcome === "refused") {
      expect(executed).toBe(0);
      if (first === undefined) expect(isClosed).toBe(true);
      else expect((first >= 400 && first < 500) || first === 505).toBe(true);
    }
    if (outcome === "answered") expect([executed, first]).toEqual([1, 200]);
    // The end of the connection may come before the request has gone up.
    if (outcome === "cut") expect([executed <= 1, first, isClosed]).toEqual([true, 400, true]);
    if (outcome === "unasked") expect([executed, first]).toEqual([0, 200]);
    if (outcome === "waits") expect([executed, received, isClosed]).toEqual([0, "", false]);
    expect(others.filter((status) => status < 400)).toEqual([]);

    const healthy = await pair.post(hello);
    expect([healthy.status, pair.upstream.requests.length - before]).toEqual([200, executed + 1]);
    expect(await healthy.text()).toContain('"text":"hello"');
  });
});
