import fc from "fast-check";
import { encodeEnvelope } from "../../../../src/translate/reasoning/encode-envelope.ts";

/** Ids of tool uses, few enough to collide. */
const ids = fc.constantFrom("toolu_1", "toolu_2", "toolu_3", "functions.Bash:0", `toolu_${"x".repeat(50)}`);
const words = fc.constantFrom("A", "B ", " C", "é\n", "");
const text = fc.record({ type: fc.constant("text"), text: words });
const call = fc.record({
  type: fc.constant("tool_use"),
  id: ids,
  name: fc.constantFrom("Read", "mcp__a.b"),
  input: fc.constantFrom({}, { p: "a" }, { p: "b" }),
});
const thought = fc.constantFrom(
  { type: "thinking", thinking: "T", signature: "EqQB" },
  { type: "thinking", thinking: "T", signature: "" },
  {
    type: "thinking",
    thinking: "T",
    signature: encodeEnvelope({ family: "text", model: "m", visibleText: "T", details: [{ id: "r" }] }),
  },
);
const image = fc.constant({
  type: "image",
  source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
});
const result = fc.record({ type: fc.constant("tool_result"), tool_use_id: ids, content: words });
const message = fc.oneof(
  fc.record({
    role: fc.constant("user"),
    content: fc.array(fc.oneof(text, result, image), { maxLength: 4 }),
  }),
  fc.record({
    role: fc.constant("assistant"),
    content: fc.array(fc.oneof(text, call, thought), { maxLength: 4 }),
  }),
  fc.record({ role: fc.constant("system"), content: words }),
);
/** Messages in any order, with ids that collide and results that answer nothing. */
export const history = fc.array(message, { maxLength: 8 });
