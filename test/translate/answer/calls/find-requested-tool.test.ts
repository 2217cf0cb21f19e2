import { expect, test } from "bun:test";
import { findRequestedTool } from "../../../../src/translate/answer/calls/find-requested-tool.ts";
import { RequestedTools } from "../../../../src/translate/tools/requested-tools.ts";

test.each([
  ["Bash", "Bash"],
  ["bash", "Bash"],
  ["functions.Bash", "Bash"],
  ["default_api:bash", "Bash"],
  ["tool_Bash", "Bash"],
  ["tool_Run", "tool_Run"],
  ["other_Bash", undefined],
  ["Bash<|channel|>commentary", "Bash"],
  ["functions.bash<|constrain|>json", "Bash"],
  ["Bash[ARGS]", "Bash"],
  ["Bash</s>", "Bash"],
  ["Bash \n", "Bash"],
  ["Bush<|channel|>commentary", undefined],
  ["<|channel|>Bash", undefined],
])("[3.5:name] a call of %s means %s", (name, expected) => {
  const tools = ["Run", "tool_Run", "Bash"].map(
    (known) => [known, { name: known, inputSchema: {} }] as const,
  );
  expect(findRequestedTool(new RequestedTools(tools), name)?.name).toBe(expected);
});
