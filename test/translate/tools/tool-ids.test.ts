import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createToolIds } from "../../../src/translate/tools/tool-ids.ts";
import { build, toolRound } from "../../protocols/chat/request/build.ts";

test("[2.4.9] any id passes where nothing is asked of it", () => {
  expect(createToolIds("any")("functions.Bash:0", "Bash")).toBe("functions.Bash:0");
});

describe("[2.4.9] max40", () => {
  const long = `toolu_${"x".repeat(40)}`;
  test.each([
    ["toolu_01AbC-d", "toolu_01AbC-d"],
    ["x".repeat(40), "x".repeat(40)],
    [long, "call_a550d5038323380edbc41fe2"],
    ["functions.Bash:0", "call_a97d15071f75fb2043da80d3"],
  ])("[2.4.9] %s -> %s", (id, expected) => {
    expect(createToolIds("max40")(id, "Bash")).toBe(expected);
  });
});

test("[2.4.9] strict9: nine letters and digits, the same for the same id, different for different ones", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), (ids) => {
      const toolIds = createToolIds("strict9");
      const created = ids.map((id) => toolIds(id, "T"));
      expect(created.filter((id) => !/^[a-zA-Z0-9]{9}$/.test(id))).toEqual([]);
      expect(new Set(created).size).toBe(ids.length);
      expect(ids.map((id) => toolIds(id, "T"))).toEqual(created);
      expect(ids.slice(0, 1).map((id) => createToolIds("strict9")(id, "T"))).toEqual(created.slice(0, 1));
    }),
  );
});

test("[3.5:id-kimi] ids count the calls of the conversation", () => {
  const messages = [
    { role: "user", content: "hi" },
    ...toolRound("toolu_a", {}, "Read"),
    ...toolRound("toolu_b", {}, "Bash"),
  ];
  const ids = build({ messages }, { profile: "kimi" }).messages.map((message) => {
    if (message.role === "tool") return message.tool_call_id;
    return message.role === "assistant" ? message.tool_calls?.[0]?.id : null;
  });
  expect(ids).toEqual([null, "functions.Read:0", "functions.Read:0", "functions.Bash:1", "functions.Bash:1"]);
});

test("[2.4.9] Mistral behind OpenRouter needs its own form too", () => {
  const target = { profile: "openrouter", model: "mistralai/mistral-medium-3.1" } as const;
  const [, , result] = build(
    { messages: [{ role: "user", content: "hi" }, ...toolRound("toolu_01ABC")] },
    target,
  ).messages;
  expect(result).toEqual({ role: "tool", tool_call_id: "uZ1GZlFlc", content: "ok" });
});
