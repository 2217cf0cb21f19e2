import { expect } from "bun:test";
import { chunk, completionOf, toolCallChunk } from "../support/chunks.ts";
import { json, sse } from "../support/reply.ts";
import { soonMs } from "../support/soon-ms.ts";
import { hello, readFailure } from "../support/start-pair.ts";
import { isObject, objectOf, objectsOf } from "../support/strict/json.ts";
import { faultTest } from "./fault-test.ts";
import { naughtyTexts } from "./naughty-texts.ts";
import { refused, whole } from "./outcomes.ts";
import type { Stage } from "./stage.ts";

/** Sends the bytes and gives what comes back; the upstream must have heard nothing. */
async function refuse(stage: Stage, bytes: string | Uint8Array): Promise<[number, string, string]> {
  stage.noteRequest();
  const failure = await readFailure(await stage.post(bytes));
  expect(stage.upstream.requests.length).toBe(1);
  return failure;
}

for (const [what, bytes, start] of [
  ["nothing", "", "body: Field required"],
  ["blanks", " \n ", "body: not valid JSON"],
  ["half an object", '{"model":', "body: not valid JSON"],
  ["a list", "[]", "body: "],
  ["null", "null", "body: "],
  ["a number", "7", "body: "],
  ["a text", '"model"', "body: "],
  ["NaN", '{"max_tokens":NaN}', "body: not valid JSON"],
  ["a comma too many", '{"model":"m",}', "body: not valid JSON"],
  ["a comment", '{"model":"m"/* */}', "body: not valid JSON"],
  ["single quotes", "{'model':'m'}", "body: not valid JSON"],
  ["a byte order mark alone", "\ufeff", "body: not valid JSON"],
  ["a control character in a text", '{"model":"a\u0001"}', "body: not valid JSON"],
  ["two values", "{}{}", "body: not valid JSON"],
] as const) {
  faultTest(`[row 62] ${what} instead of a request`, async (stage) => {
    const [status, type, message] = await refuse(stage, bytes);
    expect([status, type]).toEqual([400, "invalid_request_error"]);
    expect(message).toStartWith(start);
  });
}

faultTest("[row 63] JSON that is nested 100,000 deep", async (stage) => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const text of [deep, `{"model":"m","max_tokens":1,"messages":${deep}}`, "[".repeat(100_000)]) {
    const startedAtMs = performance.now();
    const [status, type] = await refuse(stage, text);
    expect([status, type]).toEqual([400, "invalid_request_error"]);
    expect(performance.now() - startedAtMs).toBeLessThan(soonMs);
  }
});

faultTest("[row 63] JSON nested 500 deep is taken, one level more is not", async (stage) => {
  stage.upstream.respondWith(() => json(completionOf({ text: "taken" })));
  const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  for (const [levels, outcome] of [
    [500, whole("taken")],
    [501, refused(400, "invalid_request_error", "body: nested deeper than 500 levels")],
  ] as const) {
    // The body, the list of tools, the tool and its schema are four levels; the body and its metadata two.
    const schema = { type: "object", default: nested(levels - 4) };
    expect((await stage.ask({ ...hello, tools: [{ name: "t", input_schema: schema }] })).outcome).toEqual(
      outcome,
    );
    expect((await stage.ask({ ...hello, metadata: { x: nested(levels - 2) } })).outcome).toEqual(outcome);
  }
});

faultTest("[row 64] keys that mean something to JavaScript are data", async (stage) => {
  stage.upstream.reply(json(completionOf({ text: "hello" })));
  const schema =
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}';
  const request = `{"model":"m","max_tokens":5,"max_tokens":9,"__proto__":{"polluted":true},"messages":[{"role":"user","content":"hi"}],"tools":[{"name":"t","input_schema":${schema}}]}`;
  stage.noteRequest();
  const response = await stage.post(request);
  expect(response.status).toBe(200);
  await response.text();
  const sent = objectOf(stage.upstream.requests[1]?.body);
  expect(sent["max_tokens"]).toBe(9);
  expect(JSON.stringify(objectOf(objectsOf(sent["tools"])[0]?.["function"])["parameters"])).toBe(schema);
  expect("polluted" in {}).toBe(false);
});

faultTest("[row 64] such keys in the arguments of a call reach the client as they are", async (stage) => {
  const text = '{"__proto__":{"polluted":true},"constructor":1,"big":10000000000000000999}';
  stage.upstream.reply(
    sse([toolCallChunk(0, { id: "c", name: "t", arguments: text }), chunk({}, "tool_calls")]),
  );
  const { raw } = await stage.ask();
  expect(raw).toContain(JSON.stringify(text));
  expect("polluted" in {}).toBe(false);
});

faultTest(
  "[row 65] texts that break programs come through both ways, but for half characters",
  async (stage) => {
    stage.upstream.respondWith(({ body }) => {
      const last = objectsOf(objectOf(body)["messages"]).at(-1);
      return json(completionOf({ text: String(last?.["content"]) }));
    });
    for (const text of naughtyTexts) {
      const { raw } = await stage.ask({ ...hello, messages: [{ role: "user", content: `x${text}` }] });
      const answer: unknown = JSON.parse(raw);
      const blocks = isObject(answer) ? objectsOf(answer["content"]) : [];
      expect(blocks.map((block) => block["text"])).toEqual([`x${text}`.toWellFormed()]);
    }
    const written = await stage.readWritten();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be in a log that a terminal shows.
    expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(written)).toBe(false);
  },
);

for (const [what, bytes] of [
  ["a byte that begins nothing", [0xff]],
  ["a character that is cut", [0xe2, 0x82]],
  ["an overlong form", [0xc0, 0xaf]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
] as const) {
  faultTest(`[row 66] a body with ${what}`, async (stage) => {
    const text = Buffer.concat([Buffer.from('{"model":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(await refuse(stage, text)).toEqual([400, "invalid_request_error", "body: not valid UTF-8"]);
  });
}

faultTest("[row 62] nothing of the program is in what a refused client is told", async (stage) => {
  const answer = await stage.ask({ ...hello, messages: "hi" });
  expect(answer.outcome).toEqual(refused(400, "invalid_request_error", answer.outcome.message ?? ""));
  expect(answer.raw).not.toMatch(/\.ts|node_modules|\bat /);
});
