import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { messagesRequestSchema } from "../../../../src/anthropic/messages-request.ts";
import type { EnvelopeFamily } from "../../../../src/profiles/model-traits.ts";
import { buildInParts } from "../../../../src/protocols/responses/request/build-responses-request.ts";
import { readRequest } from "../../../../src/translate/conversation/read-request.ts";
import { encodeEnvelope } from "../../../../src/translate/reasoning/encode-envelope.ts";
import { type FamilyModel, familyModels, usualModels } from "../../../support/models-of-families.ts";
import { history as messages } from "../../chat/request/arbitrary-history.ts";
import { requestBody } from "../../chat/request/build.ts";
import { validRequests } from "../../chat/requests/valid-request.ts";
import { optionsOf, plan } from "./build.ts";
import { findShapeFaults } from "./find-shape-faults.ts";

const runs = process.env["CI"] === "true" ? 500 : 100;
const upstreams = fc.constantFrom<FamilyModel>(...familyModels, ["openai", "gpt-5.6-sol"], ["xai", "grok-3"]);

/** A thinking block, or one that shows nothing, with a blob of this upstream; few blobs, so that some come twice. */
function thoughtOf([profile, model]: FamilyModel): fc.Arbitrary<object> {
  const { envelopeFamily: family } = optionsOf({ profile, model }).profile.traits.reasoning;
  return fc
    .record({ visibleText: fc.constantFrom("T", ""), blob: fc.constantFrom("1", "2", "3", null) })
    .map(({ visibleText, blob }) => sign(family, model, visibleText, blob));
}

function sign(family: EnvelopeFamily, model: string, visibleText: string, blob: string | null): object {
  const details = [{ type: "reasoning", id: `rs_${blob}`, encrypted_content: blob }];
  const signature = encodeEnvelope({ family, model, visibleText, details: blob === null ? [] : details });
  return visibleText === ""
    ? { type: "redacted_thinking", data: signature }
    : { type: "thinking", thinking: visibleText, signature };
}

/** Messages in any order, in which the assistant's also have reasoning of this upstream. */
function historyOf(upstream: FamilyModel): fc.Arbitrary<object[]> {
  return fc
    .tuple(messages, fc.array(fc.tuple(thoughtOf(upstream), fc.nat(4)), { maxLength: 8 }))
    .map(([history, thoughts]) =>
      history.map((message, index) => {
        const [thought, place] = thoughts[index] ?? [];
        if (message.role !== "assistant" || thought === undefined || typeof message.content === "string") {
          return message;
        }
        return { ...message, content: message.content.toSpliced(place ?? 0, 0, thought as never) };
      }),
    );
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

test("[21 21.1 22] whatever is asked and whatever the history, the request is in order", () => {
  const requests = upstreams.chain((upstream) =>
    fc.tuple(fc.constant(upstream), validRequests, fc.option(historyOf(upstream))),
  );
  fc.assert(
    fc.property(requests, ([[profile, model], request, history]) => {
      const conversation =
        history === null ? {} : { messages: [...history, { role: "user", content: "now" }] };
      // Through JSON, as it comes from a client.
      const asked = JSON.parse(JSON.stringify({ ...request, ...conversation }));
      const { body } = plan(asked, { profile, model });
      expect(findShapeFaults(JSON.parse(JSON.stringify(body)), profile)).toEqual([]);
    }),
    { numRuns: 4 * runs },
  );
}, 60_000);

describe("the check of requests sees", () => {
  const call = { type: "function_call", call_id: "a", name: "T", arguments: "{}" };
  const output = { type: "function_call_output", call_id: "a", output: "R" };
  const user = { type: "message", role: "user", content: "hi" };
  test.each<[string, object[], object, number]>([
    ["nothing where all is well", [user, call, output], {}, 0],
    ["a field of Chat Completions", [user], { messages: [] }, 1],
    ["that the answer would be kept", [user], { store: true }, 1],
    ["a small limit", [user], { max_output_tokens: 15 }, 1],
    [
      "a tool that is strict by default",
      [user],
      { tools: [{ type: "function", name: "T", parameters: {} }] },
      1,
    ],
    ["an empty input", [], {}, 1],
    ["an item without a type", [{ role: "user", content: "hi" }], {}, 1],
    ["an id", [{ ...user, id: "msg_1" }], {}, 1],
    [
      "a part of the wrong kind",
      [{ ...user, role: "assistant", content: [{ type: "input_text", text: "A" }] }],
      {},
      1,
    ],
    ["a call without its output", [user, call, user, output], {}, 1],
    ["an output without its call", [user, output], {}, 1],
    ["reasoning without content", [{ type: "reasoning", summary: [] }], {}, 1],
    ["a blob twice", [1, 2].map(() => ({ type: "reasoning", summary: [], encrypted_content: "E" })), {}, 1],
  ])("%s", (_, input, fields, count) => {
    const body = { model: "m", max_output_tokens: 16, store: false, input, ...fields };
    expect(findShapeFaults(body, "generic")).toHaveLength(count);
  });
});

const tools = [{ name: "mcp__a.b", input_schema: { type: "object", properties: {} } }];
const request = { system: "S", tools, thinking: { type: "adaptive" } };

/** A call after a thought, and its result. */
function toolRound(id: string, thought: object): object[] {
  const call = { type: "tool_use", id, name: "Read", input: {} };
  return [
    { role: "assistant", content: [thought, call] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "R" }] },
  ];
}

test.each([...usualModels, ["openai", "gpt-5.2"] as const])(
  "[21:input 1.4:stable] a conversation that goes on begins with the same bytes: %s %s",
  (profile, model) => {
    const upstream: FamilyModel = [profile, model];
    const now = { role: "user", content: "now" };
    const cases = fc.tuple(
      historyOf(upstream),
      thoughtOf(upstream),
      thoughtOf(upstream),
      fc.boolean(),
      fc.boolean(),
    );
    const bytes = (conversation: object[]) =>
      JSON.stringify(plan({ ...request, messages: conversation }, { profile, model }).body);
    fc.assert(
      fc.property(cases, ([earlier, first, second, endsWithResult, goesOnWithCall]) => {
        const ending = endsWithResult ? [now, ...toolRound("toolu_asked", first)] : [now];
        const continuation = goesOnWithCall
          ? toolRound("toolu_new", second)
          : [{ role: "assistant", content: [second, { type: "text", text: "well" }] }, now];
        const before = bytes([...earlier, ...ending]);
        const after = bytes([...earlier, ...ending, ...continuation]);
        expect(after.slice(0, before.length - "]}".length)).toBe(before.slice(0, -"]}".length));
      }),
      { numRuns: 2 * runs },
    );
  },
);

test("[21] what is asked is not changed, and gives the same bytes again", () => {
  const requests = upstreams.chain((upstream) =>
    fc.tuple(fc.constant(upstream), validRequests, historyOf(upstream)),
  );
  fc.assert(
    fc.property(requests, ([[profile, model], given, history]) => {
      const fields = { ...given, messages: [...history, { role: "user", content: "now" }] };
      const options = optionsOf({ profile, model });
      const asked = readRequest(messagesRequestSchema.parse(JSON.parse(JSON.stringify(fields))), options);
      freeze(asked);
      const parts = () => {
        const steps = buildInParts(asked, options);
        let step = steps.next();
        while (step.done !== true) step = steps.next();
        return JSON.stringify(step.value);
      };
      expect(parts()).toBe(parts());
      const once = plan(JSON.parse(JSON.stringify(fields)), { profile, model });
      expect(parts()).toBe(JSON.stringify(once));
    }),
    { numRuns: 3 * runs },
  );
}, 60_000);

test.each([
  [10_000, 2],
  [20_001, 4],
])("[F3] %d turns are built in parts of ten thousand, and come to the same as at once", (turns, yields) => {
  const conversation = Array.from({ length: turns }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: `turn ${index}`,
  }));
  const options = optionsOf({ profile: "openai", model: "gpt-5.6-sol" });
  const given = messagesRequestSchema.parse(requestBody({ messages: conversation }));
  const parts = buildInParts(readRequest(given, options), options);
  let count = 0;
  let part = parts.next();
  for (; part.done !== true; part = parts.next()) count += 1;
  expect(count).toBe(yields);
  // Not by `toEqual`, which takes its time for so many.
  const atOnce = plan({ messages: conversation }, { profile: "openai", model: "gpt-5.6-sol" });
  expect(JSON.stringify(part.value)).toBe(JSON.stringify(atOnce));
});
