import { expect, test } from "bun:test";
import { applyVariables } from "../../src/launch/apply-variables.ts";

const env = {
  Path: "/bin",
  Anthropic_Api_Key: "example",
  anthropic_base_url: "http://other",
  NONE: undefined,
};
const variables = [
  { name: "ANTHROPIC_BASE_URL", value: "http://127.0.0.1:8080", isSecret: false },
  { name: "ANTHROPIC_API_KEY", value: null, isSecret: false },
];

test("on Windows a name in another case is the same variable, elsewhere another one", () => {
  const own = { ANTHROPIC_BASE_URL: "http://127.0.0.1:8080" };
  expect(applyVariables(env, variables, "win32")).toEqual({ Path: "/bin", ...own });
  const { NONE: _, ...kept } = env;
  expect(applyVariables(env, variables, "linux")).toEqual({ ...kept, ...own });
});

test("a variable is set in the place of the user's, or removed", () => {
  const before = { ANTHROPIC_BASE_URL: "http://other", ANTHROPIC_API_KEY: "example" };
  expect(applyVariables(before, variables, "linux")).toEqual({ ANTHROPIC_BASE_URL: "http://127.0.0.1:8080" });
});
