import { expect } from "bun:test";
import { type AgentScript, createAgentScript } from "../support/agent-script.ts";
import { type FamilyModel, usualModels } from "../support/models-of-families.ts";
import { createAgentTask, filesAfter } from "./agent-task.ts";
import { isMain, readResult, startSession } from "./session.ts";
import { buildForTests, testClient } from "./test-client.ts";

/** One upstream of every family, and models with rules of their own. The generic one is that of the other tests. */
const upstreams: readonly FamilyModel[] = [
  ...usualModels.filter(([family]) => family !== "generic"),
  ["openrouter", "mistralai/mistral-large-4"],
  ["openrouter", "openai/gpt-5.6"],
  ["kimi", "kimi-k3"],
];

const binary = buildForTests();

for (const [family, modelName] of upstreams) {
  testClient("2.1.330", `does a task with a strict ${family} upstream and ${modelName}`, async () => {
    let script: AgentScript | undefined;
    await using session = await startSession({
      binary: binary.path,
      family,
      modelName,
      createModel: (folder) => {
        const steps = createAgentTask(folder);
        script = createAgentScript({ steps, ids: "restarting", sideAnswer: { text: "none" } });
        return script.model;
      },
    });
    const done = await session.run("2.1.330", "Do the task.");
    expect([session.upstream.violations, script?.surprises]).toEqual([[], []]);
    expect(readResult(done)).toMatchObject({ is_error: false, result: "The task is done." });
    expect(await session.readFolder()).toEqual(filesAfter);
    const steps = createAgentTask(session.folder).length;
    expect(session.upstream.requests.map(isMain)).toEqual(Array.from({ length: steps }, () => true));
  });
}
