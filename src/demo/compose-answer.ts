import { chooseToolCalls, questionOf, toolAnswersOf } from "./choose-tool-call.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { sampleOfSchema } from "./sample-of-schema.ts";

/** The demonstration upstream's whole answer to one request. */
export interface DemonstrationAnswer {
  /** Null if the request wants none. */
  reasoning: string | null;
  text: string;
  toolCalls: readonly DemonstrationCall[];
  /** Whether the limit of tokens ended it. */
  isCut: boolean;
  /** In tokens. The output includes the reasoning. */
  usage: { input: number; output: number; reasoning: number };
}

export interface DemonstrationCall {
  name: string;
  /** JSON. */
  arguments: string;
}

const introduction = "This is the demonstration upstream of claude-proxy. No model is behind this answer.";

const thought = "This is a sample of reasoning. No model has thought about it.";

/** Without a model there is no tokenizer either: four characters count as one token. */
const charactersOfToken = 4;

const quotedCharacters = 200;

/** Answers a request: describes in plain words what was received, and adds tool calls if they are needed. */
export function composeAnswer(request: ReceivedRequest): DemonstrationAnswer {
  const { format } = request;
  if (format.type === "json_schema")
    return finishAnswer(request, JSON.stringify(sampleOfSchema(format.schema)), []);
  if (format.type === "json_object")
    return finishAnswer(request, JSON.stringify({ answer: introduction }), []);

  const toolCalls = chooseToolCalls(request).map(({ name, input }) => ({
    name,
    arguments: JSON.stringify(input),
  }));
  const paragraphs = [introduction, describeRequest(request), describeLastMessages(request)];
  const names = toolCalls.map(({ name }) => name).join(" and ");
  if (names !== "") paragraphs.push(`To show a tool call, it calls ${names} now.`);
  return finishAnswer(request, paragraphs.join("\n\n"), toolCalls);
}

function describeRequest({ messages, messageWord, tools, model }: ReceivedRequest): string {
  const turns = messages.filter(({ role }) => role !== "system");
  const parts = [
    ...(turns.length < messages.length ? ["a system text"] : []),
    quantity(turns.length, messageWord),
  ];
  return `It received ${parts.join(", ")} and ${quantity(tools.length, "tool")} for the model ${model}.`;
}

function describeLastMessages(request: ReceivedRequest): string {
  const answers = toolAnswersOf(request);
  if (answers.length > 0) {
    const text = answers.map((answer) => answer.text).join("\n");
    return `The tool gave back: ${quote(text)}`;
  }
  const files = request.messages.findLast(({ role }) => role === "user")?.files ?? [];
  const sent = `You sent: ${quote(questionOf(request))}`;
  return files.length === 0 ? sent : `${sent}\n\nIn its files there is: ${files.join("; ")}`;
}

/** Cuts an answer where a stop text or the limit of tokens ends it. Reasoning counts into the limit. */
function finishAnswer(
  request: ReceivedRequest,
  wholeText: string,
  wholeCalls: DemonstrationAnswer["toolCalls"],
): DemonstrationAnswer {
  const tokenLimit = request.tokenLimit ?? Number.POSITIVE_INFINITY;
  const reasoning = request.wantsReasoning ? thought.slice(0, tokenLimit * charactersOfToken) : null;
  const reasoningTokens = countTokens(reasoning ?? "");
  const end = Math.min(wholeText.length, ...request.stop.map((stop) => positionOf(stop, wholeText)));
  const isStopped = end < wholeText.length;
  const text = wholeText.slice(0, Math.min(end, (tokenLimit - reasoningTokens) * charactersOfToken));
  const isCut = text.length < end;
  const toolCalls = isStopped || isCut ? [] : wholeCalls;
  const written = toolCalls.map((call) => call.arguments).join("");
  return {
    reasoning,
    text,
    toolCalls,
    isCut,
    usage: {
      input: countTokens(request.prompt),
      output: reasoningTokens + countTokens(text + written),
      reasoning: reasoningTokens,
    },
  };
}

function positionOf(stop: string, text: string): number {
  const position = stop === "" ? -1 : text.indexOf(stop);
  return position === -1 ? text.length : position;
}

function countTokens(text: string): number {
  return Math.ceil(text.length / charactersOfToken);
}

function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function quote(text: string): string {
  return text.length > quotedCharacters
    ? `"${text.slice(0, quotedCharacters).toWellFormed()}…"`
    : `"${text}"`;
}
