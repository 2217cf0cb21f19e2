import { afterAll, beforeAll, expect } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfileId } from "../../src/profiles/profile-ids.ts";
import { installClient } from "./install-client.ts";
import { createReasoningScript, type ReasoningForm, type ReasoningScript } from "./reasoning-script.ts";
import { runClient } from "./run-client.ts";
import { isMain, membersOf, readResult, startSession } from "./session.ts";
import { type BuiltBinary, buildBinary } from "./start-binary.ts";
import { testClient, timeLimitMs } from "./test-client.ts";

const nothing = () => ({});
const thought = (step: number) => `I think of ${step}, ü 🙂.\n`;

const deepseek: ReasoningForm = {
  deltas: (step) =>
    ["I think of ", `${step}, ü `, "🙂.\n"].map((reasoning_content) => ({ reasoning_content })),
  besideCall: nothing,
  besideText: nothing,
  members: ["reasoning_content"],
  callMembers: [],
  expected: (step) => ({ message: { reasoning_content: thought(step) }, call: {} }),
};

const signedText = { type: "reasoning.text", index: 0, format: "anthropic-claude-v1" };
const anthropic: ReasoningForm = {
  deltas: (step) => [
    { reasoning_details: [{ ...signedText, text: "I think of " }] },
    { reasoning_details: [{ ...signedText, text: `${step}, ü 🙂.\n` }] },
    { reasoning_details: [{ ...signedText, text: "", signature: `c2lnbmF0dXJl${step}` }] },
  ],
  besideCall: nothing,
  besideText: nothing,
  members: ["reasoning_details", "reasoning_content"],
  callMembers: [],
  expected: (step) => ({
    message: {
      reasoning_details: [{ ...signedText, text: thought(step), signature: `c2lnbmF0dXJl${step}` }],
    },
    call: {},
  }),
};

const encrypted = (step: number) => [
  { type: "reasoning.summary", summary: thought(step), index: 0, format: "openai-responses-v1" },
  {
    type: "reasoning.encrypted",
    data: `ZW5j${step}`,
    id: `rs_${step}`,
    index: 0,
    format: "openai-responses-v1",
  },
];
const openai: ReasoningForm = {
  ...anthropic,
  deltas: (step) => encrypted(step).map((detail) => ({ reasoning_details: [detail] })),
  expected: (step) => ({ message: { reasoning_details: encrypted(step) }, call: {} }),
};

const signature = (step: number) => ({
  extra_content: { google: { thought_signature: `dGhvdWdodA${step}` } },
});
const gemini: ReasoningForm = {
  deltas: () => [],
  besideCall: signature,
  besideText: signature,
  members: ["extra_content"],
  callMembers: ["extra_content"],
  expected: (step, isCall) =>
    isCall ? { message: {}, call: signature(step) } : { message: signature(step), call: {} },
};

const copilot: ReasoningForm = {
  deltas: (step) => [
    { reasoning_text: "I think of " },
    { reasoning_text: `${step}, ü 🙂.\n` },
    { reasoning_opaque: `b3BhcXVl${step}` },
  ],
  besideCall: nothing,
  besideText: nothing,
  members: ["reasoning_text", "reasoning_opaque"],
  callMembers: [],
  expected: (step) => ({
    message: { reasoning_text: thought(step), reasoning_opaque: `b3BhcXVl${step}` },
    call: {},
  }),
};

/** With the member of the chat request that asks for thinking. */
const upstreams: readonly (readonly [ProfileId, string, ReasoningForm, string, unknown])[] = [
  ["deepseek", "deepseek-v4-pro", deepseek, "thinking", { type: "enabled" }],
  ["openrouter", "anthropic/claude-sonnet-5", anthropic, "reasoning", { effort: "medium" }],
  ["openrouter", "openai/gpt-5.6", openai, "reasoning", { effort: "medium" }],
  ["gemini", "gemini-3-pro", gemini, "reasoning_effort", "high"],
  ["generic", "gemini-3-pro", copilot, "reasoning_effort", undefined],
];

let binary: BuiltBinary;
let home: string;

beforeAll(async () => {
  binary = await buildBinary();
  home = await mkdtemp(join(tmpdir(), "claude-home-"));
}, timeLimitMs);

afterAll(async () => {
  await binary.remove();
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

for (const [family, modelName, form, member, asked] of upstreams) {
  testClient(
    "2.1.330",
    `[6.2 6.3:own] brings the reasoning of ${modelName} back over three turns`,
    async () => {
      let script: ReasoningScript | undefined;
      await using session = await startSession({
        binary: binary.path,
        family,
        modelName,
        createModel: () => {
          script = createReasoningScript(form);
          return script.model;
        },
      });
      const command = await installClient("2.1.330");
      const flags = ["--model", "sonnet", "--output-format", "json", "--allowedTools", "Bash"];
      const results: unknown[] = [];
      for (const [turn, prompt] of ["Count.", "Again.", "Once more."].entries()) {
        const done = await runClient({
          command,
          proxyUrl: session.proxy.url,
          folder: session.folder,
          prompt,
          flags: turn === 0 ? flags : [...flags, "--continue"],
          environment: { HOME: home },
        });
        results.push(readResult(done)["result"]);
      }
      expect([session.upstream.violations, results]).toEqual([[], ["Word 1.", "Word 3.", "Word 5."]]);
      expect(script?.seen).toEqual(script?.due);
      expect(script?.seen.map((messages) => messages.length)).toEqual([0, 1, 2, 3, 4, 5]);
      const main = session.upstream.requests.filter(isMain);
      expect(membersOf(main, member)).toEqual(main.map(() => asked));
    },
  );
}
