import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createAgentScript } from "../support/agent-script.ts";
import type { Json } from "../support/strict/json.ts";
import { type StrictUpstream, startStrictUpstream } from "../support/strict-upstream.ts";
import { whyNoClient } from "./install-client.ts";
import {
  createClientState,
  createRunEnvironment,
  openRunPlace,
  type RunPlace,
  writeUserConfig,
} from "./run-environment.ts";
import { buildForTests, timeLimitMs } from "./test-client.ts";
import { hasTmux, startInTerminal } from "./tmux-terminal.ts";

const binary = buildForTests();
let place: RunPlace & AsyncDisposable;
let upstream: StrictUpstream;

beforeEach(async () => {
  place = await openRunPlace();
  await Bun.write(join(place.home, ".claude.json"), createClientState(place.work));
});

afterEach(async () => {
  await upstream.stop();
  await place[Symbol.asyncDispose]();
});

test.skipIf(!hasTmux || whyNoClient("2.1.330") !== null).each([
  ["lets an action run", "<block>no</block>", true],
  ["stops an action", "<block>yes</block><reason>It calls a server.</reason>", false],
])(
  "in auto mode the model of the route for haiku %s",
  async (_, verdict, runs) => {
    const command = `curl -s http://127.0.0.1:1/; echo ran > "${join(place.work, "ran.txt")}"`;
    const script = createAgentScript({
      steps: [
        { calls: [{ name: "Bash", arguments: { command, description: "Call a server" } }] },
        { text: "The end of it." },
      ],
      ids: "unique",
      sideAnswer: { text: "none" },
    });
    const checks: Json[] = [];
    upstream = await startStrictUpstream("generic", (request) => {
      if (request["model"] !== "vendor/check") return script.model(request);
      checks.push(request);
      return { text: verdict };
    });
    const file = `
upstreams:
  desk: { url: "${upstream.baseUrl}", key: sk-desk-upstream-key }
routes:
  default: desk/vendor/glm
  haiku: desk/vendor/check
models:
  desk/vendor/glm: { window: 131072 }
  desk/vendor/check: { window: 131072 }
`;
    await writeUserConfig(place, file);
    const env = await createRunEnvironment("2.1.330", place);
    await using terminal = await startInTerminal(`"${binary.path}" run`, { cwd: place.work, env });
    await terminal.awaitText("auto mode on");
    await terminal.type("Call the server.");
    await terminal.awaitText("Call the server.");
    await terminal.type("Enter");
    await terminal.awaitText("The end of it.");
    expect(existsSync(join(place.work, "ran.txt"))).toBe(runs);
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) {
      expect(JSON.stringify(check["messages"])).toContain("security monitor");
      expect(JSON.stringify(check["messages"])).toContain("curl -s http://127.0.0.1:1/");
    }
    expect(script.surprises).toEqual([]);
    await terminal.type("C-c");
    await terminal.awaitText("Ctrl-C again to exit");
    await terminal.type("C-c");
    await terminal.awaitText("ended with 0");
  },
  timeLimitMs,
);
