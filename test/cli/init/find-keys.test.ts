import { expect, test } from "bun:test";
import { findKeys } from "../../../src/cli/init/find-setups.ts";
import { createInitHome } from "./run-init.ts";

const place = { platform: "linux", homeDir: "/home/me", executablePath: "/bin/claude-proxy" } as const;

test.each([
  ["MOONSHOT_API_KEY", "sk-canary-0123456789", { name: "kimi", url: null }],
  ["MOONSHOT_API_KEY", "sk-kimi-canary-0123456789", { name: "kimi", url: "https://api.kimi.com/coding/v1" }],
  ["KIMI_API_KEY", "sk-kimi-canary-0123456789", { name: "kimi", url: "https://api.kimi.com/coding/v1" }],
  ["OPENAI_API_KEY", "sk-or-canary-0123456789", { name: "openrouter", url: null }],
  [
    "OPENAI_API_KEY",
    "nvapi-canary-0123456789",
    { name: "nvidia", url: "https://integrate.api.nvidia.com/v1" },
  ],
])("the key in %s that begins like %s is for %j", (variable, key, found) => {
  expect(findKeys({ ...place, env: { [variable]: key } })).toEqual([{ variable, ...found }]);
});

test("a key of another service of the company is not sent to the usual one, and that service is named", async () => {
  using home = createInitHome();
  const { exitCode, err } = await home.run(["--yes", "--upstream", "kimi", "--big-model", "m"], {
    env: { KIMI_API_KEY: "sk-kimi-canary-0123456789" },
  });
  expect([exitCode, err]).toEqual([
    2,
    "kimi needs a key. Say where it is: --key-env NAME, --key-file PATH or --key-stdin\nKIMI_API_KEY has one of: --upstream https://api.kimi.com/coding/v1\n",
  ]);
});
