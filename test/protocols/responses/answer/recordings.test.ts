import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { renameIds, splitAnswers } from "../../../recordings/fold-responses.ts";
import { readAnswer, recordingsFolder } from "../../../recordings/read-answer.ts";
import { findGrammarFaults } from "../../../support/grammar.ts";
import { type Json, objectOf, objectsOf } from "../../../support/strict/json.ts";
import { describeMessage } from "./describe-message.ts";
import { asked } from "./events.ts";
import {
  bytesOf,
  type TranslatedResponse,
  translateBytes,
  translateEvents,
  translateWhole,
} from "./translate-response.ts";

const folder = join(recordingsFolder, "responses");

/** What a response says, read as plainly as can be and without any of our code. */
function fold(response: Json): object {
  const items = objectsOf(response["output"]);
  const ofType = (type: string) => items.filter((item) => item["type"] === type);
  const textsOf = (parts: unknown, between: string) =>
    objectsOf(parts)
      .map((part) => String(part["text"]))
      .join(between);
  return {
    thinking: ofType("reasoning")
      .map((item) => textsOf(item["summary"], "\n\n") || textsOf(item["content"], ""))
      .join(""),
    text: ofType("message")
      .map((item) => textsOf(item["content"], ""))
      .join(""),
    calls: ofType("function_call").map((item) => [
      item["call_id"],
      item["name"],
      JSON.parse(String(item["arguments"])),
    ]),
    output: objectOf(response["usage"])["output_tokens"],
  };
}

function understand({ message }: TranslatedResponse): object {
  const content = message?.content ?? [];
  return {
    thinking: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    calls: content.flatMap((block) =>
      block.type === "tool_use" ? [[block.id, block.name, block.input]] : [],
    ),
    output: message?.usage.output_tokens,
  };
}

/** The blocks, without the bytes of the blobs: the terminal event has them encrypted anew. */
const shapeOf = ({ message }: TranslatedResponse) =>
  describeMessage(message).map((line) => line.replace(/ \[[^\]]*\]$/, " [blob]"));

function testAnswer(events: Json[]): void {
  const streamed = translateEvents(asked, events);
  const response = objectOf(events.at(-1)?.["response"]);

  test("[24.8:laws] the stream is legal, and says what the response says", () => {
    expect(findGrammarFaults(new TextEncoder().encode(streamed.sse))).toEqual([]);
    expect(understand(streamed)).toEqual(fold(response));
    expect(streamed.warnings).toEqual([]);
  });

  test("[24.8:laws] the terminal event alone says the same, and so does the whole response", () => {
    expect(shapeOf(translateEvents(asked, events.slice(-1)))).toEqual(shapeOf(streamed));
    expect(shapeOf(translateWhole(asked, response))).toEqual(shapeOf(streamed));
  });

  test("[24.8:laws] so does the stream with other ids, and without the ends of its items", () => {
    expect(shapeOf(translateEvents(asked, renameIds(events)))).toEqual(shapeOf(streamed));
    const endless = translateEvents(
      asked,
      events.filter(({ type }) => !String(type).endsWith(".done")),
    );
    expect(understand(endless)).toEqual(fold(response));
    const blobs = (lines: string[]) => lines.join("").split("[blob]").length;
    expect(blobs(shapeOf(endless))).toBe(blobs(shapeOf(streamed)));
  });

  test("[4.2:split] so does the stream in pieces", () => {
    const bytes = bytesOf(events);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
      bytes.subarray(at * 7, at * 7 + 7),
    );
    expect(translateBytes(asked, pieces).sse).toBe(streamed.sse);
  });
}

if (recordingsFolder === "" || !existsSync(folder))
  test.skip("recordings of the Responses API (RECORDINGS_DIR is not set)", () => {});
else
  for (const name of readdirSync(folder).filter((file) => /\.(chunks\.txt|json)$/.test(file)))
    describe(`recording ${name}`, () => {
      const answer = readAnswer(join(folder, name));
      if (name.endsWith(".json")) {
        test("[23.1:whole] says what it says, or is an error", () => {
          const [body = {}] = answer;
          const told = translateWhole(asked, body);
          if ("error" in body && body.error !== null) expect(told.status).not.toBeNull();
          else expect(understand(told)).toEqual(fold(objectOf(body)));
        });
      } else if (name.includes("error")) {
        test("[25.1:early] is an error", () => {
          expect(translateEvents(asked, answer).status).not.toBeNull();
        });
      } else for (const events of splitAnswers(answer)) testAnswer(objectsOf(events));
    });
