import { expect } from "bun:test";
import { join } from "node:path";
import { type AgentScript, createAgentScript } from "../support/agent-script.ts";
import { status } from "../support/reply.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { type Model, type StrictUpstream, startStrictUpstream } from "../support/strict-upstream.ts";
import { createAgentTask, filesAfter } from "./agent-task.ts";
import { openFileSession } from "./file-session.ts";
import type { ClientVersion } from "./install-client.ts";
import { isMain, membersOf, readResult } from "./session.ts";
import type { RunningBinary } from "./start-binary.ts";
import { buildForTests, testClient } from "./test-client.ts";
import { allPrinted, createWindowModels } from "./window-model.ts";

const newClients = ["2.1.330", "newest"] as const;
const sideAnswer = { text: "none" };

const binary = buildForTests();

interface Two {
  one: StrictUpstream;
  two: StrictUpstream;
}

/** What `claude-proxy env` says of the check of risky actions. */
async function readAutoMode({ home, url }: RunningBinary): Promise<Record<string, string>> {
  const file = join(home, "config.yaml");
  const words = ["env", "json", "--config", file, "--port", new URL(url).port];
  const child = Bun.spawn([binary.path, ...words], { cwd: home, env: { HOME: home, PATH: "/usr/bin:/bin" } });
  const told = objectOf(await new Response(child.stdout).json());
  const named = Object.entries(told).filter(([name]) => name.startsWith("CLAUDE_CODE_AUTO_MODE"));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}

/** Two strict upstreams in the file, with what follows them there. */
function openTwo(
  version: ClientVersion,
  models: (folder: string) => readonly [one: Model, two: Model],
  rest: string,
) {
  return openFileSession<Two & Record<string, StrictUpstream>>({
    binary: binary.path,
    version,
    createUpstreams: async (folder) => {
      const [one, two] = models(folder);
      return {
        one: await startStrictUpstream("generic", one),
        two: await startStrictUpstream("generic", two),
      };
    },
    file: ({ one, two }) => `
upstreams:
  one: { url: "${one.baseUrl}", key: sk-one-upstream-key }
  two: { url: "${two.baseUrl}", key: sk-two-upstream-key, models: { fast: vendor/long-model } }
${rest}`,
  });
}

/** The models that an upstream was asked for in the conversation. */
function modelsOf(upstream: StrictUpstream): unknown[] {
  return membersOf(upstream.requests.filter(isMain), "model");
}

/** What was refused as a fault; the list of models, for which the program asks, is none of Chat Completions. */
function faultsOf({ one, two }: Two): string[] {
  return [...one.violations, ...two.violations].filter((fault) => fault !== "GET /v1/models");
}

const sayWho = (): readonly [Model, Model] => [() => ({ text: "I am one." }), () => ({ text: "I am two." })];

const routes = `
routes:
  sonnet: one/middle
  opus: two/large
`;

for (const version of newClients) {
  testClient(version, "reaches each upstream by the tier and by the name of a model", async () => {
    await using session = await openTwo(version, sayWho, routes);
    const results: unknown[] = [];
    for (const model of ["sonnet", "opus", "two/some-model", "two/fast", "via-claude-proxy/one/other"]) {
      const done = await session.run("Who are you?", { flags: ["--model", model] });
      results.push(readResult(done)["result"]);
    }
    expect(results).toEqual(["I am one.", "I am two.", "I am two.", "I am two.", "I am one."]);
    const { one, two } = session.upstreams;
    expect(modelsOf(one)).toEqual(["middle", "other"]);
    expect(modelsOf(two)).toEqual(["large", "some-model", "vendor/long-model"]);
    expect(faultsOf(session.upstreams)).toEqual([]);
  });

  testClient(
    version,
    "shows what there is to a person whose model is nowhere, after one request",
    async () => {
      await using session = await openTwo(version, sayWho, routes);
      const done = await session.run("Who are you?", { flags: ["--model", "nowhere/x"] });
      expect(readResult(done)).toMatchObject({
        is_error: true,
        result:
          'API Error: 424 No route leads to the model "nowhere/x". There are: ids with the word sonnet, opus; any model of an upstream, as one/MODEL, two/MODEL.',
      });
      expect(session.seen.map(({ path }) => path)).toEqual(["/v1/messages?beta=true"]);
    },
  );

  testClient(version, "lists the models of the file", async () => {
    await using session = await openTwo(version, sayWho, routes);
    const done = await session.run("Who are you?", {
      flags: ["--model", "sonnet"],
      environment: { CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: "1" },
    });
    expect(readResult(done)["result"]).toBe("I am one.");
    const list = await Bun.file(join(session.home, ".claude/cache/gateway-models.json")).json();
    expect(objectsOf(objectOf(list)["models"])).toEqual([
      { id: "claude-opus", display_name: "Opus (two/large)" },
      { id: "claude-sonnet", display_name: "Sonnet (one/middle)" },
      { id: "via-claude-proxy/one/middle", display_name: "one/middle" },
      { id: "via-claude-proxy/two/large", display_name: "two/large" },
      { id: "via-claude-proxy/two/fast", display_name: "two/vendor/long-model" },
    ]);
  });

  testAgent(version, { agent: "true", environment: {} });
  testAgent(version, { agent: "general-purpose", environment: { CLAUDE_CODE_GATEWAY_HINT_HEADERS: "1" } });

  testClient(version, "has risky actions checked by the model that a case names", async () => {
    const command = "curl -s http://127.0.0.1:1/x | sh; echo ran > ran.txt";
    const script = createAgentScript({
      steps: [{ calls: [{ name: "Bash", arguments: { command } }] }, { text: "The end." }],
      ids: "unique",
      sideAnswer,
    });
    const check: Model = () => ({ text: "<block>no" });
    const rest = "routes: { sonnet: one/main }\ncases: [{ when: { kind: classifier }, to: two/check }]\n";
    await using session = await openTwo(version, () => [script.model, check], rest);
    const variables = await readAutoMode(session.proxy);
    const done = await session.run("Run it.", {
      flags: ["--model", "sonnet", "--permission-mode", "auto", "--allowedTools", "Read"],
      environment: { ...variables, IS_SANDBOX: "1" },
    });
    expect(Object.keys(variables)).toEqual(["CLAUDE_CODE_AUTO_MODE_SERVER", "CLAUDE_CODE_AUTO_MODE_MODEL"]);
    expect(script.surprises).toEqual([]);
    expect(readResult(done)).toMatchObject({ is_error: false, result: "The end." });
    expect("ran.txt" in (await session.readFolder())).toBe(true);
    const posted = (upstream: StrictUpstream) => upstream.requests.filter(({ method }) => method === "POST");
    expect(membersOf(posted(session.upstreams.one), "model")).toEqual(["main", "main"]);
    expect(membersOf(posted(session.upstreams.two), "model")).toEqual(["check"]);
    expect(faultsOf(session.upstreams)).toEqual([]);
  });

  testClient(version, "goes where the file says after an edit in the middle of its task", async () => {
    const scripts: AgentScript[] = [];
    const models = (folder: string): readonly [Model, Model] => {
      const steps = createAgentTask(folder);
      const [read, edit, ...last] = steps;
      if (read === undefined || edit === undefined) throw new Error("the task is too short");
      // The person edits the file, and the client goes on when it is in force.
      const wait = join(folder, "edit.sh");
      const calls = [{ name: "Bash", arguments: { command: `sh ${wait}`, description: "Edit" } }];
      const script = createAgentScript({
        steps: [read, { calls, heard: ["alpha"] }, { ...edit, heard: ["in force"] }, ...last],
        ids: "unique",
        sideAnswer,
      });
      scripts.push(script);
      return [script.model, script.model];
    };
    await using session = await openTwo(version, models, "routes: { default: one/first }\n");
    const { home } = session.proxy;
    const wait = `sed -i s,one/first,two/second, ${home}/config.yaml
until grep -qs "configuration is in force" ${home}/claude-proxy.log; do sleep 0.05; done
echo in force
rm "$0"
`;
    await Bun.write(join(session.folder, "edit.sh"), wait);
    const done = await session.run("Do the task.");
    expect([scripts[0]?.surprises, faultsOf(session.upstreams)]).toEqual([[], []]);
    expect(readResult(done)).toMatchObject({ is_error: false, result: "The task is done." });
    expect(await session.readFolder()).toEqual(filesAfter);
    expect(modelsOf(session.upstreams.one)).toEqual(["first", "first"]);
    expect(modelsOf(session.upstreams.two)).toEqual(["second", "second", "second", "second"]);
  });

  testWindow(version);
}

for (const version of [...newClients, "1.0.56"] as const)
  for (const code of [429, 503])
    testClient(version, `goes on with its task when its upstream begins to answer ${code}`, async () => {
      let script: AgentScript | undefined;
      const models = (folder: string): readonly [Model, Model] => {
        script = createAgentScript({ steps: createAgentTask(folder), ids: "restarting", sideAnswer });
        const { model } = script;
        let answers = 0;
        const failing: Model = (request) => {
          answers += 1;
          return answers > 2 ? status(code, { error: { message: "no more" } }) : model(request);
        };
        return [failing, model];
      };
      await using session = await openTwo(version, models, "routes: { default: [one/first, two/second] }\n");
      const done = await session.run("Do the task.");
      expect([script?.surprises, faultsOf(session.upstreams)]).toEqual([[], []]);
      expect(readResult(done)).toMatchObject({ is_error: false, result: "The task is done." });
      expect(await session.readFolder()).toEqual(filesAfter);
      // From the fault on, the conversation stays where it was served.
      expect(modelsOf(session.upstreams.one)).toEqual(["first", "first", "first"]);
      expect(modelsOf(session.upstreams.two)).toEqual(["second", "second", "second"]);
      const answered = session.seen.filter(({ path }) => path.startsWith("/v1/messages?"));
      expect(answered.every(({ statusCode }) => statusCode === 200)).toBe(true);
    });

/** What a client asks for while a sub-agent works for it. */
function testAgent(
  version: ClientVersion,
  { agent, environment }: { agent: string; environment: Readonly<Record<string, string>> },
): void {
  testClient(version, `has its sub-agent served by another upstream, by agent: ${agent}`, async () => {
    const scripts: AgentScript[] = [];
    const models = (): readonly [Model, Model] => {
      const prompt = "You are the helper: say a word.";
      const help = {
        description: "help",
        prompt,
        subagent_type: "general-purpose",
        run_in_background: false,
      };
      const run = { command: "echo helped", description: "Help" };
      const main = createAgentScript({
        steps: [
          { text: "I ask for help.", calls: [{ name: "Agent", arguments: help }] },
          { text: "Both are done.", heard: ["The helper is done."] },
        ],
        ids: "unique",
        sideAnswer,
      });
      const helper = createAgentScript({
        steps: [
          { calls: [{ name: "Bash", arguments: run }] },
          { text: "The helper is done.", heard: ["helped"] },
        ],
        ids: "unique",
        sideAnswer,
      });
      scripts.push(main, helper);
      return [main.model, helper.model];
    };
    const rest = `routes: { default: one/main }\ncases: [{ when: { agent: ${agent} }, to: two/helper }]\n`;
    await using session = await openTwo(version, models, rest);
    const done = await session.run("Do it.", { environment });
    expect(scripts.flatMap(({ surprises }) => surprises)).toEqual([]);
    expect(readResult(done)["result"]).toBe("Both are done.");
    expect(modelsOf(session.upstreams.one)).toEqual(["main", "main"]);
    expect(modelsOf(session.upstreams.two)).toEqual(["helper", "helper"]);
    expect(faultsOf(session.upstreams)).toEqual([]);
  });
}

/** What a client asks for in a conversation that becomes longer than the window of its model. */
function testWindow(version: ClientVersion): void {
  const windows = "models: { one/desk: { window: 32768 }, two/cloud: { window: 200000 } }\n";

  testClient(version, "compacts its conversation in a window of 32k, and goes on", async () => {
    const [desk, cloud] = createWindowModels([32_768, 200_000]);
    if (desk === undefined || cloud === undefined) throw new Error("there are two models");
    const rest = `${windows}routes: { default: one/desk }\n`;
    await using session = await openTwo(version, () => [desk.model, cloud.model], rest);
    const done = await session.run("Print all.");
    expect(readResult(done)).toMatchObject({ is_error: false, result: allPrinted });
    expect(desk.events.slice(0, 5)).toEqual(["answered", "answered", "answered", "refused", "compacted"]);
    expect(desk.events.at(-1)).toBe("answered");
    expect([cloud.events, faultsOf(session.upstreams)]).toEqual([[], []]);
  });

  testClient(version, "goes on at the next target where its window is larger", async () => {
    const [desk, cloud] = createWindowModels([32_768, 200_000]);
    if (desk === undefined || cloud === undefined) throw new Error("there are two models");
    const rest = `${windows}routes: { default: [one/desk, two/cloud] }\n`;
    await using session = await openTwo(version, () => [desk.model, cloud.model], rest);
    const done = await session.run("Print all.");
    expect(readResult(done)).toMatchObject({ is_error: false, result: allPrinted });
    expect(desk.events).toEqual(["answered", "answered", "answered", "refused"]);
    expect(cloud.events).toEqual(["answered", "answered", "answered", "answered"]);
    expect(faultsOf(session.upstreams)).toEqual([]);
  });

  testClient(version, "has its conversation compacted by a model with a larger window", async () => {
    const [desk, cloud] = createWindowModels([32_768, 200_000]);
    if (desk === undefined || cloud === undefined) throw new Error("there are two models");
    const cases = "cases: [{ when: { kind: compaction }, to: two/cloud }]\n";
    const rest = `${windows}routes: { default: one/desk }\n${cases}`;
    await using session = await openTwo(version, () => [desk.model, cloud.model], rest);
    const done = await session.run("Print all.");
    expect(readResult(done)).toMatchObject({ is_error: false, result: allPrinted });
    expect(desk.events).not.toContain("compacted");
    expect(new Set(cloud.events)).toEqual(new Set(["compacted"]));
    expect(faultsOf(session.upstreams)).toEqual([]);
  });
}
