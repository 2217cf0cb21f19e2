import { afterAll, beforeAll, expect } from "bun:test";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { type AgentScript, createAgentScript } from "../support/agent-script.ts";
import { createAgentTask, filesAfter } from "./agent-task.ts";
import { isMain, readResult, startSession } from "./session.ts";
import { type BuiltBinary, buildBinary } from "./start-binary.ts";
import { testClient, timeLimitMs } from "./test-client.ts";

/** One upstream of every family, with models that have rules of their own. */
const upstreams: [ProfileId, string][] = [
  ["openrouter", "anthropic/claude-sonnet-5"],
  ["openrouter", "mistralai/mistral-large-4"],
  ["openrouter", "openai/gpt-5.6"],
  ["openai", "gpt-5.6"],
  ["deepseek", "deepseek-v4-pro"],
  ["kimi", "kimi-k2.6"],
  ["kimi", "kimi-k3"],
  ["glm", "glm-5.3"],
  ["qwen", "qwen3.7-plus"],
  ["minimax", "MiniMax-M3"],
  ["gemini", "gemini-3-pro"],
  ["mistral", "mistral-large-4"],
  ["groq", "openai/gpt-oss-120b"],
  ["xai", "grok-4.5"],
  ["ollama", "gpt-oss:20b"],
  ["llamacpp", "qwen3.5"],
  ["lmstudio", "qwen3.5"],
  ["vllm", "Qwen/Qwen3.5-27B"],
];

let binary: BuiltBinary;

beforeAll(async () => {
  binary = await buildBinary();
}, timeLimitMs);

afterAll(async () => {
  await binary.remove();
});

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
