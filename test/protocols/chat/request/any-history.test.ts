import { expect, test } from "bun:test";
import fc from "fast-check";
import { usualModels } from "../../../support/models-of-families.ts";
import { findViolations } from "../../../support/strict-rules.ts";
import { history } from "./arbitrary-history.ts";
import { plan } from "./build.ts";

const request = fc.record({
  thinking: fc.constantFrom(null, { type: "disabled" }, { type: "adaptive" }),
  stream: fc.boolean(),
  stop_sequences: fc.constantFrom([], ["a"], ["1", "2", "3", "4", "5"]),
  temperature: fc.constantFrom(null, 0, 1),
  top_k: fc.constantFrom(null, 40),
  tool_choice: fc.constantFrom(null, { type: "any" }, { type: "tool", name: "Read" }, { type: "none" }),
  system: fc.constantFrom("", "S", [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }]),
});

const tools = ["Read", "mcp__a.b", "3d"].map((name) => ({
  name,
  input_schema: { $schema: "x", type: "object", properties: { p: { type: "string" } } },
}));

test.each(usualModels)("[2.4] whatever the history, a strict %s has nothing to refuse", (profile, model) => {
  fc.assert(
    fc.property(request, history, (fields, earlier) => {
      const messages = [...earlier, { role: "user", content: "now" }];
      const { chatRequest } = plan({ ...fields, tools, messages }, { profile, model });
      expect(findViolations(JSON.parse(JSON.stringify(chatRequest)), profile)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
