import { describe, expect, test } from "bun:test";
import { createAdmission } from "../../src/server/admission.ts";
import { parseContentLength } from "../../src/server/content-length.ts";
import { connectRaw, requestHead } from "../faults/raw-client.ts";
import { completionOf } from "../support/chunks.ts";
import { json } from "../support/reply.ts";
import { hello, startPair } from "../support/start-pair.ts";

describe("[F2] what a body announces", () => {
  test.each<[string | undefined, number | null]>([
    [undefined, null],
    ["0", 0],
    ["17", 17],
    ["017", 17],
    ["17, 17", 17],
    ["17,17 ,17", 17],
    ["9".repeat(400), null],
    ["", null],
    [" ", null],
    [",", null],
    ["-1", null],
    ["+17", null],
    ["1e3", null],
    ["0x11", null],
    ["1.5", null],
    ["NaN", null],
    ["Infinity", null],
    ["1 7", null],
    ["١٧", null],
    ["abc, abc", null],
  ])("%p is %p", (header, bytes) => {
    expect(parseContentLength(header)).toBe(bytes);
  });

  test.each(["17, 18", "17, ", "17, 017", "17, abc"])("%p is refused", (header) => {
    expect(() => parseContentLength(header)).toThrow("content-length: given twice, and not alike");
  });
});

test("[F2] room is taken for a number of bytes only", () => {
  const admission = createAdmission(10, { uploadBytes: 100 });
  const upload = admission.beginUpload(() => {});
  for (const bytes of [Number.NaN, -1]) expect(() => upload.take(bytes)).toThrow(RangeError);
  expect(() => upload.take(Number.POSITIVE_INFINITY)).toThrow("no room for more request bodies");
  upload.take(100);
  expect(() => admission.beginUpload(() => {}).take(1)).toThrow("no room for more request bodies");
});

describe("[F2 row 57] a length that is told twice", () => {
  const doubled = (bytes: number) => `${bytes}\r\ncontent-length: ${bytes}`;

  test("is the body's length, whatever its size", async () => {
    await using pair = await startPair();
    pair.upstream.respondWith(() => json(completionOf({ text: "hello" })));
    const body = JSON.stringify(hello);
    for (const text of [body, body.padEnd(100_000)]) {
      const head = requestHead(pair.proxy.port, { "content-length": doubled(text.length) });
      const client = await connectRaw(pair.proxy.port, head + text);
      await client.hears('"text":"hello"');
      client.socket.destroy();
    }
  });

  test("is held to 32 MB, and leaves the room for bodies as it was", async () => {
    await using pair = await startPair();
    const large = await connectRaw(
      pair.proxy.port,
      requestHead(pair.proxy.port, { "content-length": doubled(100 * 1024 * 1024) }),
    );
    await large.hears("request_too_large");
    expect(large.received()).toStartWith("HTTP/1.1 413 ");
    large.socket.destroy();
    const small = await connectRaw(
      pair.proxy.port,
      `${requestHead(pair.proxy.port, { "content-length": doubled(2) })}{}`,
    );
    await small.hears("invalid_request_error");
    small.socket.destroy();

    const bytes = 32 * 1024 * 1024;
    const head = requestHead(pair.proxy.port, { "content-length": String(bytes) });
    const clients = await Promise.all(Array.from({ length: 9 }, () => connectRaw(pair.proxy.port, head)));
    try {
      for (const { socket } of clients) socket.write(Buffer.alloc(bytes - 1, 0x20));
      const first = await Promise.race(clients.map((client) => client.hears("HTTP/1.1").then(() => client)));
      expect(first.received()).toStartWith("HTTP/1.1 529 ");
    } finally {
      for (const { socket } of clients) socket.destroy();
    }
  }, 30_000);
});
