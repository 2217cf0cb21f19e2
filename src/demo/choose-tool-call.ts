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

/** A tool with such a name may change something, and a program without a model must not decide that. */
const changesSomething =
  /write|edit|create|update|delete|remove|move|send|post|push|commit|deploy|run|exec|kill|stop|install|agent|task|ask/i;

/**
 * The one call to make. Null if none is needed: a tool has already answered, the client forbids tools, or no offered
 * tool can be called safely.
 */
export function chooseToolCall(request: ReceivedRequest): ChosenToolCall | null {
  const { tools, toolChoice: choice } = request;
  if (choice === "none") return null;
  if (typeof choice === "object") {
    const named = tools.find((tool) => tool.name === choice.name);
    return named === undefined ? null : callOf(named);
  }
  if (choice === "required") return callOf(harmlessTool(tools) ?? tools[0]);
  return toolAnswersOf(request).length > 0 ? null : callOf(harmlessTool(tools));
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
  return (
    wellKnown.find((tool) => tool !== undefined) ?? tools.find((tool) => !changesSomething.test(tool.name))
  );
}

function callOf(tool: OfferedTool | undefined): ChosenToolCall | null {
  if (tool === undefined) return null;
  const { name, parameters } = tool;
  const properties =
    isJsonObject(parameters) && isJsonObject(parameters["properties"]) ? parameters["properties"] : {};
  const known = Object.entries(harmlessInputs.get(name) ?? {}).filter(([key]) =>
    Object.hasOwn(properties, key),
  );
  const sample = sampleOfSchema(parameters);
  return { name, input: { ...(isJsonObject(sample) ? sample : {}), ...Object.fromEntries(known) } };
}
