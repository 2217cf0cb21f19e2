import { expect, test } from "bun:test";
import fc from "fast-check";
import { type FamilyModel, usualModels } from "../../../support/models-of-families.ts";
import { history } from "./arbitrary-history.ts";
import { plan } from "./build.ts";

/** ollama is not among them: by rule 6.2 it sees reasoning only as long as a tool loop goes on. */
const targets: readonly FamilyModel[] = [
  ...usualModels.filter(([family]) => family !== "ollama"),
  ["openrouter", "mistralai/mistral-medium-3.1"],
  ["minimax", "MiniMax-M2"],
  ["mistral", "mistral-large-2512"],
  ["vllm", "m"],
];

const tools = [{ name: "mcp__a.b", input_schema: { type: "object", properties: {} } }];
const request = { system: "S", tools, thinking: { type: "adaptive" } };

/** A call after a thought, and its result. */
function toolRound(id: string): object[] {
  const thinking = { type: "thinking", thinking: "T", signature: "" };
  const call = { type: "tool_use", id, name: "Read", input: {} };
  return [
    { role: "assistant", content: [thinking, call] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "R" }] },
  ];
}

/** Ways to end a conversation so that the upstream is asked. */
const endings = fc.constantFrom(
  [{ role: "user", content: "now" }],
  [{ role: "user", content: "now" }, ...toolRound("toolu_asked")],
);

/** Ways to go on. */
const continuations = fc.constantFrom(
  [
    { role: "assistant", content: "well" },
    { role: "user", content: "next" },
  ],
  toolRound("toolu_new"),
);

test.each(targets)(
  "[1.4:stable] a conversation that goes on begins with the same bytes: %s %s",
  (profile, model) => {
    const bytes = (messages: object[]) =>
      JSON.stringify(plan({ ...request, messages }, { profile, model }).chatRequest);
    fc.assert(
      fc.property(history, endings, continuations, (earlier, ending, continuation) => {
        const before = bytes([...earlier, ...ending]);
        const after = bytes([...earlier, ...ending, ...continuation]);
        expect(after.slice(0, before.length - "]}".length)).toBe(before.slice(0, -"]}".length));
      }),
      { numRuns: 300 },
    );
  },
);

test("[1.4:stable] a request is not changed and gives the same bytes again", () => {
  fc.assert(
    fc.property(history, (earlier) => {
      const fields = { ...request, messages: [...earlier, { role: "user", content: "now" }] };
      const original = JSON.stringify(fields);
      const once = JSON.stringify(plan(fields, { profile: "openrouter" }).chatRequest);
      expect(JSON.stringify(plan(fields, { profile: "openrouter" }).chatRequest)).toBe(once);
      expect(JSON.stringify(fields)).toBe(original);
    }),
  );
});
