import { expect, test } from "bun:test";
import { createAgentScript } from "../support/agent-script.ts";
import { startStrictUpstream } from "../support/strict-upstream.ts";
import { whyNoClient } from "./install-client.ts";
import { createClientState, createRunEnvironment, openRunPlace, writeUserConfig } from "./run-environment.ts";
import { buildForTests, timeLimitMs } from "./test-client.ts";
import { hasTmux, startInTerminal } from "./tmux-terminal.ts";

const binary = buildForTests();

test.skipIf(!hasTmux || whyNoClient("2.1.330") !== null)(
  "in a terminal run says how to resume the session through the proxy, and that does it",
  async () => {
    await using place = await openRunPlace();
    const steps = [{ text: "First answer." }, { text: "Second answer." }];
    const script = createAgentScript({ steps, ids: "unique", sideAnswer: { text: "-" } });
    const upstream = await startStrictUpstream("generic", script.model);
    const text = `
upstreams: { desk: { url: "${upstream.baseUrl}", key: sk-desk-upstream-key } }
routes: { default: desk/vendor/glm }
`;
    await writeUserConfig(place, text);
    const env = await createRunEnvironment("2.1.330", place);
    await Bun.write(`${place.home}/.claude.json`, createClientState(place.work));
    const talk = async (command: string, question: string | null, answer: string) => {
      await using terminal = await startInTerminal(command, { cwd: place.work, env });
      await terminal.awaitText("❯");
      if (question !== null) await terminal.type(question);
      if (question !== null) await terminal.type("Enter");
      await terminal.awaitText(answer);
      await terminal.type("C-c");
      await terminal.awaitText("Ctrl-C again to exit");
      await terminal.type("C-c");
      return (await terminal.awaitText("ended with 0")).replace(/\s+/g, " ");
    };
    expect(await talk(`"${binary.path}" run`, null, "❯")).not.toContain("through the proxy");
    const end = await talk(`"${binary.path}" run`, "hello", "First answer.");
    const [, id = ""] = /Resume this session with: claude --resume (\S+)/.exec(end) ?? [];
    const [, resume = ""] = /Or through the proxy: (.*) ended with 0/.exec(end) ?? [];
    expect(resume).toBe(`${binary.path} run -- --resume ${id}`);
    const next = await talk(resume, "and now?", "Second answer.");
    expect(next).toContain(`Or through the proxy: ${resume} `);
    expect(script.surprises).toEqual([]);
    await upstream.stop();
  },
  timeLimitMs,
);
