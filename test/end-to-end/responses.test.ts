import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import type { ResponsesFamily } from "../support/responses/strict/responses-families.ts";
import {
  asResponsesModel,
  type StrictResponses,
  startStrictResponses,
} from "../support/responses/strict-responses.ts";
import { startHost } from "../support/start-host.ts";
import { objectOf, objectsOf } from "../support/strict/json.ts";
import { type Model, startStrictUpstream } from "../support/strict-upstream.ts";
import { responsesWire } from "../support/wires.ts";
import type { ClientVersion } from "./install-client.ts";
import { createResponsesTask, lastWords, notesAfter, prompts, type ResponsesTask } from "./responses-task.ts";
import { isMain, membersOf, openSession, readResult, type Session } from "./session.ts";
import { type BuiltBinary, buildBinary } from "./start-binary.ts";
import { testClient, timeLimitMs } from "./test-client.ts";

interface Behind {
  family: ResponsesFamily;
  profile: ProfileId;
  modelName: string;
  basePath: string;
  overflow: "status" | "event";
}

const openai: Behind = {
  family: "openai",
  profile: "openai",
  modelName: "gpt-5.6-sol",
  basePath: "/v1",
  overflow: "event",
};
const azure: Behind = {
  ...openai,
  family: "azure",
  modelName: "gpt-5.4",
  basePath: "/me.openai.azure.com/openai/v1",
  overflow: "status",
};
const xai: Behind = { ...openai, family: "xai", profile: "xai", modelName: "grok-4.7", overflow: "status" };

/** One version with all upstreams, the others with one each: what differs is the client there. */
const runs: readonly (readonly [ClientVersion, Behind])[] = [
  ["2.1.330", openai],
  ["2.1.330", azure],
  ["2.1.330", xai],
  ["1.0.56", azure],
  ["newest", openai],
];

/** Three runs of a client, with a retry and a compaction. */
const longLimitMs = timeLimitMs + 120_000;

let binary: BuiltBinary;
let home: string;

beforeAll(async () => {
  binary = await buildBinary();
}, timeLimitMs);

afterAll(async () => {
  await binary.remove();
});

/** Runs the client once in the session, after the runs before in the same home. */
async function goOn(
  session: Session<StrictResponses>,
  version: ClientVersion,
  prompt: string,
  isFirst: boolean,
) {
  const tools = ["--allowedTools", "Read,Edit,Bash,Task,Agent"];
  const done = await session.run(version, prompt, {
    flags: isFirst ? tools : [...tools, "--continue"],
    environment: { HOME: home, CLAUDE_CODE_MAX_RETRIES: "3" },
  });
  return readResult(done)["result"];
}

/** The old client does not compact by itself: the person has to. */
const saidOf: Readonly<Record<ClientVersion, readonly (readonly [prompt: string, result: unknown])[]>> = {
  "2.1.330": prompts.map((prompt, index) => [prompt, lastWords[index]]),
  newest: prompts.map((prompt, index) => [prompt, lastWords[index]]),
  "1.0.56": [
    [prompts[0], lastWords[0]],
    [prompts[1], lastWords[1]],
    [prompts[2], expect.stringContaining("Prompt is too long")],
    ["/compact", expect.anything()],
    ["So now the end.", lastWords[2]],
  ],
};

function testTask(version: ClientVersion, behind: Behind): void {
  const { family, profile, modelName, basePath, overflow } = behind;
  const name = `[20.1 22.4 25.3] does the whole task with a strict ${family} upstream on the Responses API`;
  testClient(
    version,
    name,
    async () => {
      home = await mkdtemp(join(tmpdir(), "claude-home-"));
      let task: ResponsesTask | undefined;
      await using session = await openSession({
        binary: binary.path,
        createUpstream: (folder) => {
          task = createResponsesTask(folder, overflow);
          // The old client names a new session for every run.
          return startStrictResponses({
            family,
            basePath,
            model: task.model,
            hasSessions: version !== "1.0.56",
          });
        },
        settings: { ...responsesWire.environment, UPSTREAM_PROFILE: profile, BIG_MODEL_NAME: modelName },
      });
      const { upstream, proxy } = session;
      const said = saidOf[version];
      const results: unknown[] = [];
      for (const [index, [prompt]] of said.entries())
        results.push(await goOn(session, version, prompt, index === 0));
      expect([upstream.violations, upstream.lessons, task?.surprises]).toEqual([[], [], []]);
      expect(results).toEqual(said.map(([, result]) => result));
      expect(task?.events.filter((event, index, all) => event !== all[index - 1])).toEqual([
        "helper",
        "failed",
        "overflow",
        "compacted",
      ]);
      expect((await session.readFolder())["notes.txt"]).toBe(notesAfter);
      const main = upstream.requests.filter(isMain);
      expect(new Set(membersOf(main, "model"))).toEqual(new Set([modelName]));
      expect(new Set(membersOf(main, "store"))).toEqual(new Set([false]));
      expect(await proxy.stop()).toBe(0);
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
    longLimitMs,
  );
}

/** A model that says one word after one call, and thinks where that can be told. */
const oneCall =
  (word: string): Model =>
  (request) => {
    if (!("tools" in request)) return { text: "none" };
    const last = objectsOf(request["messages"]).at(-1);
    if (last?.["role"] === "tool") return { reasoning: `I say ${word}.`, text: word };
    const input = { command: `echo ${word}`, description: "Echo" };
    const id = `call_${word}_${objectsOf(request["messages"]).length}`;
    return { reasoning: `I echo ${word}.`, toolCalls: [{ id, name: "Bash", arguments: input }] };
  };

function testSwitch(): void {
  testClient(
    "2.1.330",
    "[20.2 22.4 6.3:own] goes from Chat Completions to the Responses API and back in one session",
    async () => {
      home = await mkdtemp(join(tmpdir(), "claude-home-"));
      const chat = await startStrictUpstream("openai", oneCall("old"));
      await using host = await startHost((path) => (path.endsWith("/responses") ? session.upstream : chat));
      await using session = await openSession({
        binary: binary.path,
        createUpstream: () =>
          startStrictResponses({ family: "openai", model: asResponsesModel(oneCall("new")) }),
        // By its own name, the host is one at which the model decides.
        settings: {
          HTTP_PROXY: host.proxyUrl,
          BASE_URL: "http://nobody.api.openai.com/v1",
          BIG_MODEL_NAME: "gpt-5.6-sol",
          MEDIUM_MODEL_NAME: "gpt-4o",
        },
      });
      const results: unknown[] = [];
      for (const [index, model] of ["sonnet", "opus", "sonnet", "opus"].entries()) {
        const goesOn = index === 0 ? [] : ["--continue"];
        const done = await session.run("2.1.330", `Prompt ${index}.`, {
          flags: ["--model", model, "--allowedTools", "Bash", ...goesOn],
          environment: { HOME: home },
        });
        results.push(readResult(done)["result"]);
      }
      expect([chat.violations, session.upstream.violations]).toEqual([[], []]);
      expect(results).toEqual(["old", "new", "old", "new"]);
      const last = objectOf(session.upstream.requests.filter(isMain).at(-1)?.body);
      const types = objectsOf(last["input"]).map(({ type }) => type);
      // Both answers of its first turn, and the first of its second; what the other wire has said has none.
      expect(types.filter((type) => type === "reasoning").length).toBe(3);
      expect(types.filter((type) => type === "function_call").length).toBe(4);
      await chat.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
    longLimitMs,
  );
}

describe("on the Responses API", () => {
  for (const [version, behind] of runs) testTask(version, behind);
  testSwitch();
});
