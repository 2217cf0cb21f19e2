import { join } from "node:path";
import { status } from "../support/reply.ts";
import type { OutputPart, ResponseAnswer } from "../support/responses/response-answer.ts";
import { responseEvents, responseSse } from "../support/responses/response-events.ts";
import { textOf } from "../support/responses/strict/turn-faults.ts";
import type { ResponsesModel } from "../support/responses/strict-responses.ts";
import { type Json, objectsOf } from "../support/strict/json.ts";

/** One turn of the main agent's model: what it says, and what it must have heard before. */
interface TaskStep {
  output: (agentTool: string) => OutputPart[];
  /** One for every call of the step before: its output must contain this text. */
  heard?: readonly string[];
  /** So many times the server fails first, behind the head of its stream. */
  failures?: number;
  /** Before this step the conversation is too long until it is compacted. */
  overflows?: true;
}

export interface ResponsesTask {
  model: ResponsesModel;
  /** What was asked otherwise than it had to be; empty when all went well. */
  surprises: string[];
  /** What happened besides the steps, in order: `failed`, `helper`, `overflow`, `compacted`. */
  events: string[];
}

/** What the person says, one after the other in one session. */
export const prompts = ["Do the task.", "Go on.", "And now the end."] as const;

/** What the person is answered. */
export const lastWords = ["Word one.", "Word two.", "Word three."] as const;

/** The file of the task after it. */
export const notesAfter = "alpha\ngamma ü 🙂\n";

const helperPrompt = "You are the helper: say a word.";

function listSteps(folder: string): TaskStep[] {
  const notes = join(folder, "notes.txt");
  const think = (...summary: string[]): OutputPart => ({ kind: "reasoning", summary });
  const say = (text: string): OutputPart => ({ kind: "message", text, phase: "commentary" });
  const end = (text: string): OutputPart => ({ kind: "message", text, phase: "final_answer" });
  const call = (id: string, name: string, input: Json): OutputPart => ({
    kind: "call",
    id,
    name,
    arguments: input,
  });
  const run = { command: "echo counted", description: "Count" };
  return [
    {
      output: () => [
        think("I look at both.", "Then I go on."),
        say("I read them."),
        call("call_read", "Read", { file_path: notes }),
        call("call_list", "Bash", { command: "wc -l notes.txt", description: "Count lines" }),
      ],
    },
    {
      output: (agentTool) => [
        think(),
        call("call_help", agentTool, {
          description: "help",
          prompt: helperPrompt,
          subagent_type: "general-purpose",
          run_in_background: false,
        }),
      ],
      heard: ["alpha", "2"],
    },
    {
      output: () => [
        think("The second line is wrong."),
        say("I mend it."),
        call("call_edit", "Edit", { file_path: notes, old_string: "beta", new_string: "gamma ü 🙂" }),
      ],
      heard: ["The helper is done."],
      failures: 2,
    },
    { output: () => [think(), end(lastWords[0])], heard: ["notes.txt"] },
    { output: () => [think("Count."), call("call_run", "Bash", run)] },
    { output: () => [end(lastWords[1])], heard: ["counted"] },
    { output: () => [think("The end."), end(lastWords[2])], overflows: true },
  ];
}

/** OpenAI's words for it, which say no numbers. */
const tooLong = {
  code: "context_length_exceeded",
  message: "Your input exceeds the context window of this model. Please adjust your input and try again.",
};

/**
 * A model that leads a real client in `folder` through parallel calls, a helper of its own, a failure behind the head
 * of a stream, and a conversation that gets too long; `overflow` says whether that comes as a status or in a stream.
 */
export function createResponsesTask(folder: string, overflow: "status" | "event"): ResponsesTask {
  const steps = listSteps(folder);
  const surprises: string[] = [];
  const events: string[] = [];
  let done = 0;
  let failed = 0;
  let isTooLong = true;
  const fail = (failure: { code: string; message: string }) =>
    responseSse(responseEvents({ output: [], failure }));
  const refuseLength = (request: Json) => {
    events.push("overflow");
    const isStreamed = overflow === "event" && request["stream"] === true;
    return isStreamed ? fail(tooLong) : status(400, { error: { ...tooLong, type: "invalid_request_error" } });
  };
  const model: ResponsesModel = (request) => {
    const items = objectsOf(request["input"]);
    if (isCompaction(items)) {
      events.push("compacted");
      isTooLong = false;
      return { output: [{ kind: "message", text: "<summary>All was read and mended.</summary>" }] };
    }
    if (!("tools" in request)) return { output: [{ kind: "message", text: "none" }] };
    if (isHelper(items)) return answerHelper(items, events);
    if (isLocalCommand(items)) return { output: [{ kind: "message", text: "none" }] };
    const step = steps[done];
    if (step === undefined) return status(400, { error: { message: "the script is over" } });
    if (step.overflows === true && isTooLong) return refuseLength(request);
    const found = findSurprises(items, step, done);
    surprises.push(...found);
    if (found.length > 0) return status(400, { error: { message: found.join("; ") } });
    if (failed < (step.failures ?? 0)) {
      failed += 1;
      events.push("failed");
      return fail({ code: "server_is_overloaded", message: "Our servers are currently overloaded." });
    }
    done += 1;
    return { output: step.output(findAgentTool(request)), mixesCalls: true };
  };
  return { model, surprises, events };
}

function userTexts(items: readonly Json[]): string[] {
  return items
    .filter(({ type, role }) => type === "message" && role === "user")
    .map(({ content }) => textOf(content));
}

function isCompaction(items: readonly Json[]): boolean {
  return userTexts(items).at(-1)?.includes("detailed summary") === true;
}

/** The old client may ask the model behind a command of its own, such as `/compact`. */
function isLocalCommand(items: readonly Json[]): boolean {
  return (
    userTexts(items).at(-1)?.startsWith("Caveat: The messages below were generated by the user") === true
  );
}

function isHelper(items: readonly Json[]): boolean {
  const texts = userTexts(items);
  return (
    texts.some((text) => text.includes(helperPrompt)) && !texts.some((text) => text.includes(prompts[0]))
  );
}

/** The helper thinks, runs a command, thinks again and is done. */
function answerHelper(items: readonly Json[], events: string[]): ResponseAnswer {
  const thought: OutputPart = { kind: "reasoning", summary: ["I help."] };
  if (items.some(({ type }) => type === "function_call_output")) {
    events.push("helper");
    return { output: [thought, { kind: "message", text: "The helper is done.", phase: "final_answer" }] };
  }
  const run = { command: "echo helped", description: "Help" };
  return { output: [thought, { kind: "call", id: "call_helper", name: "Bash", arguments: run }] };
}

/** Its name has changed between versions. */
function findAgentTool(request: Json): string {
  const names = objectsOf(request["tools"]).map(({ name }) => name);
  return names.includes("Task") ? "Task" : "Agent";
}

/** How the conversation differs from what must have come before the step. */
function findSurprises(items: readonly Json[], step: TaskStep, number: number): string[] {
  const found: string[] = [];
  // After a compaction the client keeps what it likes.
  if (step.overflows !== true) {
    const thoughts = items.filter(({ type }) => type === "reasoning").length;
    // Each step before it has thought once.
    if (thoughts !== number) found.push(`step ${number} came with ${thoughts} items of reasoning`);
  }
  const { heard = [] } = step;
  const lastSaid = items.findLastIndex(({ type }) => type === "function_call");
  const outputs = items.slice(lastSaid + 1).filter(({ type }) => type === "function_call_output");
  if (heard.length > 0 && outputs.length !== heard.length) {
    found.push(`step ${number} heard ${outputs.length} outputs`);
  }
  heard.forEach((text, index) => {
    const output = JSON.stringify(outputs[index]?.["output"] ?? null);
    if (!output.includes(text)) found.push(`step ${number} heard ${output}, not ${text}`);
  });
  return found;
}
