import { expect, test } from "bun:test";
import { ApiError } from "../../src/anthropic/api-error.ts";
import { checkMessagesRequest } from "../../src/anthropic/check-request.ts";
import { createLogger } from "../../src/logging/logger.ts";
import { parseRequest } from "../../src/server/parse-request.ts";
import { naughtyTexts } from "../faults/naughty-texts.ts";
import { chunk, stopChunk, toolCallChunk } from "../support/chunks.ts";
import { findGrammarFaults, parseWireEvents } from "../support/grammar.ts";
import { hello } from "../support/start-pair.ts";
import { objectOf } from "../support/strict/json.ts";
import { translateStream } from "../support/translate-answer.ts";
import { illegalJson, legalJson } from "./json-vectors.ts";

const target = { profile: "generic", model: "m", request: { ...hello, stream: true } } as const;
const encode = (text: string) => new TextEncoder().encode(text);

/** What a request with these bytes is told; null when it is taken. */
async function refusalOf(text: string): Promise<string | null> {
  try {
    await parseRequest(encode(text), checkMessagesRequest, () => {});
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

/** The events of a stream whose only tool call has these arguments. */
function callWith(text: string) {
  const chunks = [
    toolCallChunk(0, { id: "c", name: "Read", arguments: text }),
    { ...stopChunk, ...chunk({}, "tool_calls") },
  ];
  const events = chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("");
  return translateStream(target, [encode(`${events}data: [DONE]\n\n`)]);
}

/** The arguments that the client puts together. */
function argumentsIn(sse: string): string {
  const deltas = parseWireEvents(encode(sse)).map(
    ({ data }) => objectOf(data["delta"])["partial_json"] ?? "",
  );
  return deltas.join("");
}

test.each(legalJson.map((text) => [text]))("legal: %p", async (text) => {
  // In a request: taken, as the value of a field that nobody reads.
  const request = JSON.stringify(hello);
  expect(await refusalOf(`${request.slice(0, -1)},"metadata":{"x":${text}}}`)).toBeNull();
  if (!text.startsWith("{")) return;
  // As a chunk: what has no choices says nothing.
  const stream = translateStream(target, [encode(`data: ${text}\n\ndata: [DONE]\n\n`)]);
  expect(findGrammarFaults(encode(stream.sse))).toEqual([]);
  expect(stream.sse).toContain("message_stop");
  // As the arguments of a call: byte for byte.
  expect(argumentsIn(callWith(text).sse)).toBe(text);
});

test.each(illegalJson.map((text) => [text]))("illegal: %p", async (text) => {
  expect(await refusalOf(text)).toStartWith("body: not valid JSON");
  expect(findGrammarFaults(encode(callWith(text).sse))).toEqual([]);
  // Blanks of any kind around a chunk are taken off.
  if (text !== text.trim()) return;
  const stream = translateStream(target, [encode(`data: ${text}\n\ndata: [DONE]\n\n`)]);
  expect(stream.sse).toStartWith("event: error\n");
});

test("texts that break programs are one line each in the log and on the console", () => {
  const lines: string[] = [];
  const logger = createLogger({
    level: "DEBUG",
    logFilePath: null,
    secrets: [],
    writeConsole: (line) => lines.push(line),
  });
  for (const text of naughtyTexts) logger.warn("a text came", { text });
  expect(lines.length).toBe(naughtyTexts.length);
  expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
});
