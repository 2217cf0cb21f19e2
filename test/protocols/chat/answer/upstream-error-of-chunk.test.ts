import { expect, test } from "bun:test";
import { upstreamErrorOfChunk } from "../../../../src/protocols/chat/answer/upstream-error-of-chunk.ts";

test.each([
  ["an object", { error: { code: 429 }, provider: "X" }, { error: { code: 429 }, provider: "X" }],
  ["a string", { error: "no" }, { error: "no" }],
  ["at the choice", { choices: [{ error: { code: 502 } }] }, { error: { code: 502 } }],
  ["at the choice, as a string", { choices: [{ error: "no" }] }, { error: "no" }],
  [
    "in MiniMax's own member",
    { choices: null, base_resp: { status_code: 1008, status_msg: "insufficient balance" } },
    { error: { code: 1008, message: "insufficient balance" } },
  ],
])("[5.4:choice] %s is an error", (_name, chunk, body) => {
  const error = upstreamErrorOfChunk(chunk);
  expect({ kind: error?.kind, status: error?.status, body: error?.body }).toEqual({
    kind: "http",
    status: 200,
    body,
  });
});

test.each([
  ["none", { choices: [{ delta: { content: "hi" } }] }],
  ["null", { error: null, choices: [{ error: null }] }],
  ["an empty string", { error: "" }],
  ["an empty object", { error: {} }],
  ["an empty list", { error: [] }],
  ["false", { error: false }],
  ["at a choice that is none", { choices: ["error"] }],
  ["MiniMax's own member, when all is well", { choices: [], base_resp: { status_code: 0, status_msg: "" } }],
  ["MiniMax's own member beside an answer", { choices: [{}], base_resp: { status_code: 1027 } }],
  ["choices that are none", { choices: { error: "no" } }],
])("[5.4:choice] %s is no error", (_name, chunk) => {
  expect(upstreamErrorOfChunk(chunk)).toBeNull();
});
