import { describe, expect } from "bun:test";
import type { Answer as Said } from "../support/chunks.ts";
import { parseWireEvents } from "../support/grammar.ts";
import { hello } from "../support/start-pair.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { wholeReply, wires } from "../support/wires.ts";
import type { Answer } from "./answer.ts";
import { programTest } from "./program-test.ts";

const length = 10 * 1024 * 1024;
const pieceLength = 4096;
/** Quotes, a line end and letters of two and more bytes: what has to be escaped, or is cut at its edge. */
const long = '0123456789 "quoted" \\ äöü 漢字 🙂\n'.repeat(Math.ceil(length / 33)).slice(0, length - 1);
const tools = [
  { name: "Bash", input_schema: { type: "object", properties: { command: { type: "string" } } } },
];

const kinds: Record<string, Said> = {
  text: { text: long },
  reasoning: { reasoning: long, text: "so" },
  arguments: { toolCalls: [{ id: "call_1", name: "Bash", arguments: { command: long } }] },
};

/** The long text of an answer, wherever it stands. */
function longTextOf({ outcome, raw, contentType }: Answer, kind: string): unknown {
  if (kind === "text") return outcome.text;
  if (kind === "arguments") return objectOf(outcome.tools[0]?.[1])["command"];
  if (!contentType.startsWith("text/event-stream")) {
    return objectsOf(objectOf(JSON.parse(raw))["content"])[0]?.["thinking"];
  }
  return parseWireEvents(new TextEncoder().encode(raw))
    .map(({ data }) => objectOf(data["delta"])["thinking"] ?? "")
    .join("");
}

describe.each(wires)("$id", (wire) => {
  for (const [kind, said] of Object.entries(kinds)) {
    for (const isStreamed of [true, false]) {
      for (const stream of [true, false]) {
        const ways = `${isStreamed ? "streamed" : "whole"} by the upstream, ${stream ? "streamed" : "whole"} to the client`;
        programTest(
          `[F4] 10 MB of ${kind} stay whole: ${ways}`,
          async ({ upstream, ask }) => {
            upstream.reply(isStreamed ? wire.stream(wire.events(said, pieceLength)) : wholeReply(wire, said));
            const answer = await ask({ ...hello, tools, stream });
            expect(answer.outcome.message).toBeNull();
            expect(longTextOf(answer, kind) === long).toBe(true);
          },
          { wire, settings: { LOG_LEVEL: "INFO" }, timeLimitMs: 60_000 },
        );
      }
    }
  }
});
