import { chooseToolCall, toolAnswersOf } from "./choose-tool-call.ts";
import { type ReceivedChatRequest, textOfMessage } from "./received-chat-request.ts";
import { sampleOfSchema } from "./sample-of-schema.ts";

/** The demonstration upstream's whole answer to one chat request. */
export interface DemonstrationAnswer {
  text: string;
  /** `arguments` is JSON. */
  toolCall: { name: string; arguments: string } | null;
  finishReason: "stop" | "length" | "tool_calls";
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

const introduction = "This is the demonstration upstream of claude-proxy. No model is behind this answer.";

/** Without a model there is no tokenizer either: four characters count as one token. */
const charactersOfToken = 4;

const quotedCharacters = 200;

/** Claude Code puts these around the user's text, and they are many times as long. */
const reminders = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

/** Answers a chat request: describes in plain words what was received, and adds a tool call if one is needed. */
export function composeAnswer(request: ReceivedChatRequest): DemonstrationAnswer {
  const format = request.response_format;
  if (format.type === "json_schema")
    return finishAnswer(request, JSON.stringify(sampleOfSchema(format.json_schema.schema)), null);
  if (format.type === "json_object")
    return finishAnswer(request, JSON.stringify({ answer: introduction }), null);

  const call = chooseToolCall(request);
  const toolCall = call === null ? null : { name: call.name, arguments: JSON.stringify(call.input) };
  const paragraphs = [introduction, describeRequest(request), describeLastMessages(request)];
  if (toolCall !== null) paragraphs.push(`To show a tool call, it calls ${toolCall.name} now.`);
  return finishAnswer(request, paragraphs.join("\n\n"), toolCall);
}

function describeRequest({ messages, tools, model }: ReceivedChatRequest): string {
  const turns = messages.filter(({ role }) => role !== "system" && role !== "developer");
  const parts = [
    ...(turns.length < messages.length ? ["a system text"] : []),
    quantity(turns.length, "message"),
  ];
  return `It received ${parts.join(", ")} and ${quantity(tools.length, "tool")} for the model ${model}.`;
}

function describeLastMessages(request: ReceivedChatRequest): string {
  const answers = toolAnswersOf(request);
  if (answers.length > 0) {
    const text = answers.map(textOfMessage).join("\n");
    return `The tool gave back: ${quote(text)}`;
  }
  const lastUserMessage = request.messages.findLast(({ role }) => role === "user");
  const text = lastUserMessage === undefined ? "" : textOfMessage(lastUserMessage);
  return `You sent: ${quote(text.replace(reminders, "").trim())}`;
}

function finishAnswer(
  request: ReceivedChatRequest,
  wholeText: string,
  wholeCall: DemonstrationAnswer["toolCall"],
): DemonstrationAnswer {
  const tokenLimit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  const end = Math.min(wholeText.length, ...request.stop.map((stop) => positionOf(stop, wholeText)));
  const isStopped = end < wholeText.length;
  const text = wholeText.slice(0, Math.min(end, tokenLimit * charactersOfToken));
  const isCut = text.length < end;
  const toolCall = isStopped || isCut ? null : wholeCall;

  const promptTokens = countTokens(JSON.stringify([request.messages, request.tools]));
  const completionTokens = countTokens(text + (toolCall?.arguments ?? ""));
  return {
    text,
    toolCall,
    finishReason: isCut ? "length" : toolCall === null ? "stop" : "tool_calls",
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
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
