import { expect } from "bun:test";
import { join } from "node:path";
import { createAgentScript } from "../support/agent-script.ts";
import { startStrictUpstream } from "../support/strict-upstream.ts";
import { createRunEnvironment, openRunPlace, runCommand, writeUserConfig } from "./run-environment.ts";
import { readResult } from "./session.ts";
import { buildForTests, testClient } from "./test-client.ts";

// Claude Code reads .claude/settings.json and .claude/settings.local.json of the folder in which it is started, which may
// be somebody else's repository. The program reads neither.

const binary = buildForTests();

/** What would lead a plain Claude Code elsewhere. */
const astray = {
  env: {
    ANTHROPIC_BASE_URL: "http://127.0.0.1:1",
    ANTHROPIC_AUTH_TOKEN: "sk-example-project",
    ANTHROPIC_API_KEY: "sk-example-project",
    ANTHROPIC_MODEL: "desk/vendor/other",
    CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "",
    CLAUDE_CODE_USE_BEDROCK: "1",
    HTTP_PROXY: "http://127.0.0.1:1",
    NO_PROXY: "",
  },
  apiKeyHelper: "echo sk-example-project",
};

for (const version of ["2.1.330", "newest"] as const) {
  for (const file of ["settings.json", "settings.local.json"]) {
    for (const [what, settings, words, model] of [
      ["address, key, model and proxy of a project", astray, ["run"], "vendor/glm"],
      [
        "model of a project, if run names one",
        { model: "desk/vendor/other" },
        ["run", "--model", "desk/vendor/glm"],
        "vendor/glm",
      ],
      ["proxy only, with the model of a project", { model: "desk/vendor/other" }, ["run"], "vendor/other"],
    ] as const) {
      const name = what.startsWith("proxy only") ? `asks the ${what}` : `is not led by the ${what}`;
      testClient(version, `${name} (${file})`, async () => {
        await using place = await openRunPlace();
        const script = createAgentScript({
          steps: [{ text: "Hello." }],
          ids: "unique",
          sideAnswer: { text: "-" },
        });
        const upstream = await startStrictUpstream("generic", script.model);
        try {
          const route = `
upstreams: { desk: { url: "${upstream.baseUrl}", key: sk-desk-upstream-key } }
routes: { default: desk/vendor/glm }
`;
          await writeUserConfig(place, route);
          await Bun.write(join(place.work, ".claude", file), JSON.stringify(settings));
          const env = await createRunEnvironment(version, place);
          const ended = await runCommand(
            [binary.path, ...words, "--", "-p", "hi", "--output-format", "json"],
            place,
            env,
          );
          expect(readResult(ended)).toMatchObject({ is_error: false, result: "Hello." });
          const asked = upstream.requests.filter(({ path }) => path === "/v1/chat/completions");
          expect(asked.map(({ body }) => body)).toMatchObject([{ model }]);
          expect(asked.map(({ headers }) => headers["authorization"])).toEqual([
            "Bearer sk-desk-upstream-key",
          ]);
        } finally {
          await upstream.stop();
        }
      });
    }
  }
}
