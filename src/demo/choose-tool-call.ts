import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import type { OfferedTool, ReceivedRequest } from "./received-request.ts";
import { sampleOfSchema } from "./sample-of-schema.ts";

/** A call of one of the offered tools. */
export interface ChosenToolCall {
  name: string;
  input: JsonObject;
}

/**
 * Tools of coding agents that leave no trace when called with these arguments, in order of preference. The names are
 * Claude Code's.
 */
const harmlessInputs = new Map<string, JsonObject>(
  Object.entries({
    Bash: {
      command: "echo 'Hello from the demonstration upstream of claude-proxy.'",
      description: "Print a greeting",
    },
    Glob: { pattern: "*" },
  }),
);

/** Calls in one answer. */
const mostCalls = 4;

/** A tool with such a name may change something, and a program without a model must not decide that. */
const changesSomething =
  /write|edit|create|update|delete|remove|move|send|post|push|commit|deploy|run|exec|kill|stop|install|agent|task|ask/i;

/**
 * The calls to make: of the safe tools that the question names, all at once, else of one. None if none is needed: a tool
 * has already answered, the client forbids tools, or no offered tool can be called safely.
 */
export function chooseToolCalls(request: ReceivedRequest): ChosenToolCall[] {
  return chooseTools(request).map(callOf);
}

function chooseTools(request: ReceivedRequest): OfferedTool[] {
  const { tools, toolChoice: choice } = request;
  if (choice === "none") return [];
  if (typeof choice === "object") return tools.filter(({ name }) => name === choice.name).slice(0, 1);
  const harmless = harmlessTool(tools);
  if (choice === "required") return [harmless ?? tools[0]].filter((tool) => tool !== undefined);
  if (harmless === undefined || toolAnswersOf(request).length > 0) return [];
  const words = new Set(questionOf(request).split(/[^\w-]+/));
  const named = tools.filter(({ name }) => words.has(name) && isHarmless(name));
  return named.length === 0 ? [harmless] : named.slice(0, mostCalls);
}

/** Claude Code puts these around the user's text, and they are many times as long. */
const reminders = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

/** What the user has said last, without what the client has added; "" if nothing. */
export function questionOf({ messages }: ReceivedRequest): string {
  const text = messages.findLast(({ role }) => role === "user")?.text ?? "";
  return text.replace(reminders, "").trim();
}

/**
 * The tool messages since the last assistant message. The client may have added other messages after them: a check of
 * the last message alone would call the tool again, forever.
 */
export function toolAnswersOf({ messages }: ReceivedRequest) {
  const lastAssistant = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(lastAssistant + 1).filter((message) => message.role === "tool");
}

function harmlessTool(tools: readonly OfferedTool[]): OfferedTool | undefined {
  const wellKnown = [...harmlessInputs.keys()].map((name) => tools.find((tool) => tool.name === name));
  return wellKnown.find((tool) => tool !== undefined) ?? tools.find(({ name }) => isHarmless(name));
}

function isHarmless(name: string): boolean {
  return harmlessInputs.has(name) || !changesSomething.test(name);
}

function callOf({ name, parameters }: OfferedTool): ChosenToolCall {
  const properties =
    isJsonObject(parameters) && isJsonObject(parameters["properties"]) ? parameters["properties"] : {};
  const known = Object.entries(harmlessInputs.get(name) ?? {}).filter(([key]) =>
    Object.hasOwn(properties, key),
  );
  const sample = sampleOfSchema(parameters);
  return { name, input: { ...(isJsonObject(sample) ? sample : {}), ...Object.fromEntries(known) } };
}
