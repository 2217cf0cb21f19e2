import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { agentBody, buildBody } from "../../scripts/bench/load/bodies.ts";
import { checkCountTokensRequest, checkMessagesRequest } from "../../src/anthropic/check-request.ts";
import {
  isOrdinaryCountTokensRequest,
  isOrdinaryMessagesRequest,
} from "../../src/anthropic/is-ordinary-request.ts";
import { countTokensRequestSchema, messagesRequestSchema } from "../../src/anthropic/messages-request.ts";
import { validRequests } from "../protocols/chat/requests/valid-request.ts";

const runs = process.env["CI"] === "true" ? 5_000 : 2_000;

/** What stands where something else is expected; as texts, because JSON can say more than a literal. */
const hostileTexts = [
  ...["null", "true", "0", "-1", "1.5", "-0", "1e999", "9007199254740993", '""', '"x"', '"text"', '"high"'],
  ...["[]", "[null]", '["x"]', "{}", '{"type":"x"}', '{"type":"text"}', '{"type":"text","text":"a"}'],
  ...['{"type":"auto"}', '{"type":"tool"}', '{"effort":"huge"}', '{"__proto__":{"type":"text"},"text":7}'],
];
const names = ["__proto__", "constructor", "type", "content", "role", "input", "cache_control", "tomorrow"];

interface Change {
  /** Which member, counted through the whole body or through its fields only, of which there are few. */
  place: number;
  isField: boolean;
  kind: "replace" | "remove" | "add";
  name: string;
  text: string;
}

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    place: fc.nat(),
    isField: fc.boolean(),
    kind: fc.constantFrom("replace", "replace", "remove", "add"),
    name: fc.constantFrom(...names),
    text: fc.constantFrom(...hostileTexts),
  }),
  { maxLength: 2 },
);

type Container = { [key: string]: unknown };

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

function listPlaces(container: Container): { container: Container; key: string }[] {
  return Object.entries(container).flatMap(([key, value]) => [
    { container, key },
    ...(isContainer(value) ? listPlaces(value) : []),
  ]);
}

/** Not by assignment, which would change the prototype instead of adding a member named `__proto__`. */
function setOwn(container: Container, key: string, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}

function change(body: Container, { place, isField, kind, name, text }: Change): void {
  const places = isField ? Object.keys(body).map((key) => ({ container: body, key })) : listPlaces(body);
  const chosen = places[place % places.length];
  if (chosen === undefined) return;
  const { container, key } = chosen;
  if (kind === "add") setOwn(container, Array.isArray(container) ? "0" : name, JSON.parse(text));
  else if (kind === "replace") setOwn(container, key, JSON.parse(text));
  else if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
}

/** A request as it comes from a client, with up to two members that are not as they should be. */
const bodies = fc.tuple(validRequests, changes).map(([request, made]): unknown => {
  const body = JSON.parse(JSON.stringify(request));
  for (const one of made) change(body, one);
  return body;
});

/** The schema leaves out members named `__proto__`, and nobody reads them. */
function withoutProto(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProto);
  if (!isContainer(value)) return value;
  const members = Object.entries(value).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(members.map(([key, member]) => [key, withoutProto(member)]));
}

describe("a body that is called ordinary is what the schema gives back", () => {
  test.each([
    ["of a messages request", isOrdinaryMessagesRequest, messagesRequestSchema],
    ["of a count", isOrdinaryCountTokensRequest, countTokensRequestSchema],
  ] as const)("%s", (_, isOrdinary, schema) => {
    let found = 0;
    fc.assert(
      fc.property(bodies, (body) => {
        if (!isOrdinary(body)) return;
        found += 1;
        const parsed = schema.safeParse(body);
        expect(parsed.error?.issues ?? []).toEqual([]);
        expect(withoutProto(parsed.data)).toEqual(withoutProto(body));
      }),
      { numRuns: runs },
    );
    expect(found).toBeGreaterThan(runs / 20);
  });
});

const mark = { type: "ephemeral", ttl: "1h" };
const source = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const tool = { name: "Read", description: "D", input_schema: { $schema: "x", type: "object" } };
const user = { role: "user", content: "hi" };
const ofEveryClient = { model: "claude-sonnet-4-5", max_tokens: 32_000, messages: [user] };

describe("ordinary is", () => {
  test.each<[string, unknown]>([
    ["the least request", ofEveryClient],
    ["a small one of the bench", JSON.parse(buildBody({ stream: true }))],
    ["an agent's of the bench", JSON.parse(buildBody({ stream: false, ...agentBody }))],
    [
      "what Claude Code 1.0.56 sends",
      {
        ...ofEveryClient,
        temperature: 1,
        system: [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }],
        tools: [tool],
        metadata: { user_id: "user_a_account__session_b" },
        stream: true,
        thinking: { type: "enabled", budget_tokens: 31_999 },
      },
    ],
    [
      "what Claude Code 2.1.330 sends",
      {
        ...ofEveryClient,
        messages: [
          { role: "user", content: [{ type: "text", text: "hi", cache_control: mark }] },
          { role: "system", content: "S", output_config: { effort: "medium" } },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "", signature: "" },
              { type: "redacted_thinking", data: "EqQB" },
              { type: "text", text: "A", citations: [] },
              {
                type: "tool_use",
                id: "toolu_1",
                name: "Read",
                input: { path: "a" },
                caller: { type: "direct" },
              },
              { type: "tool_use", id: "toolu_2", name: "Read", input: {} },
            ],
          },
          {
            role: "user",
            content: [
              { tool_use_id: "toolu_2", type: "tool_result", content: "ok", is_error: false },
              {
                type: "tool_result",
                content: [
                  { type: "text", text: "A" },
                  { type: "image", source },
                  { type: "document", source: { ...source, media_type: "application/pdf" } },
                  { type: "tool_reference", tool_name: "Grep" },
                ],
                tool_use_id: "toolu_1",
                cache_control: mark,
              },
            ],
          },
          { role: "system", content: [{ type: "tool_addition", tool_definition: tool }] },
          { role: "system", content: [{ type: "tool_removal", tool_name: "Grep" }] },
        ],
        tools: [{ ...tool, strict: true, defer_loading: true }],
        tool_choice: { type: "auto" },
        thinking: { type: "adaptive", display: "omitted" },
        output_config: { effort: "max", format: { type: "json_schema", schema: {} } },
        context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
        safeguards: [{ type: "dangerous_tool_use" }],
        stop_sequences: ["</block>"],
        stream: null,
      },
    ],
  ])("%s, and it is not copied", async (_, body) => {
    expect(isOrdinaryMessagesRequest(body)).toBe(true);
    expect(isOrdinaryCountTokensRequest(body)).toBe(true);
    expect<unknown>((await checkMessagesRequest(body)).data).toBe(body);
  });
});

test.each([
  ["model", { model: "m".repeat(300) }, { model: "m".repeat(301) }],
  [
    "number of stop sequences",
    { stop_sequences: Array.from({ length: 1000 }, () => "a") },
    { stop_sequences: Array.from({ length: 1001 }, () => "a") },
  ],
  ["stop sequence", { stop_sequences: ["a".repeat(1000)] }, { stop_sequences: ["a".repeat(1001)] }],
])("[F3] the longest %s is ordinary, one more is refused by guard and schema", async (_, longest, longer) => {
  expect(isOrdinaryMessagesRequest({ ...ofEveryClient, ...longest })).toBe(true);
  expect(messagesRequestSchema.safeParse({ ...ofEveryClient, ...longest }).success).toBe(true);
  expect(isOrdinaryMessagesRequest({ ...ofEveryClient, ...longer })).toBe(false);
  expect((await checkMessagesRequest({ ...ofEveryClient, ...longer })).success).toBe(false);
});

test("[F3] a count, too, takes no longer name of a model", async () => {
  const body = { ...ofEveryClient, model: "m".repeat(301) };
  expect(isOrdinaryCountTokensRequest(body)).toBe(false);
  expect((await checkCountTokensRequest(body)).error?.issues.map(({ path }) => path)).toEqual([["model"]]);
});

test("what is not ordinary is given to the schema", async () => {
  const unknown = { type: "hologram" };
  const checked = await checkMessagesRequest({
    ...ofEveryClient,
    messages: [{ role: "user", content: [unknown] }],
    output_config: { effort: "huge" },
  });
  expect(checked.data?.messages[0]?.content).toEqual([{ type: "unknown", original: unknown }]);
  expect(checked.data?.output_config?.effort).toBeUndefined();
});
