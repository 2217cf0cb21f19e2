import { expect, test } from "bun:test";
import { refuseModel } from "../../src/relay/refuse-model.ts";
import { clientSettings } from "../support/file-config.ts";

const ci = clientSettings("ci", { models: ["azure/*", "vllm/glm-5.3"] });
const asked = (agent: string) => new Headers({ "user-agent": agent });

test.each([
  ["Anthropic/JS 0.60.0", 403],
  ["claude-cli/2.1.332 (external, cli)", 424],
])("to %s a model that the client may not use is a %d", (agent, status) => {
  const error = refuseModel(asked(agent), ci, "claude-opus-4-8");
  expect([error.status, error.type, error.headers]).toEqual([
    status,
    "permission_error",
    { "x-should-retry": "false" },
  ]);
  expect(error.message).toBe(
    "model: the client ci may not use claude-opus-4-8 here. It may use: azure/*, vllm/glm-5.3.",
  );
});

test("a long id is cut, and an empty list allows nothing", () => {
  const error = refuseModel(asked("curl"), clientSettings("ci", { models: [] }), "m".repeat(5000));
  expect(error.message).toBe(`model: the client ci may not use ${"m".repeat(99)}… here. It may use: none.`);
});
