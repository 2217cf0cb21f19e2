/** What a model says in one turn, before it is written as a completion or as chunks. */
export interface Answer {
  reasoning?: string;
  text?: string;
  toolCalls?: readonly AnswerToolCall[];
  /** Default: `tool_calls` with calls, else `stop`. */
  finishReason?: string;
  /** Default: 100 prompt and 10 completion tokens. */
  usage?: object;
}

export interface AnswerToolCall {
  id: string;
  name: string;
  arguments: object;
}

const defaultUsage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

/** One chunk whose first choice has this delta. */
export function chunk(delta: object, finishReason: string | null = null): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "test-model",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
}

/** The chunk that carries only usage, after the finish reason. */
export function usageChunk(usage: object = defaultUsage): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "test-model",
    choices: [],
    usage,
  };
}

/** The end of an answer with its usage, so that nobody has to count its tokens. */
export const stopChunk: object = { ...chunk({}, "stop"), usage: defaultUsage };

/** A piece of a tool call. */
export function toolCallChunk(
  index: number,
  call: { id?: string; name?: string; arguments?: string },
): object {
  const { id, name, arguments: text } = call;
  const opening = id === undefined ? {} : { id, type: "function" };
  const named = name === undefined ? {} : { name };
  return chunk({
    tool_calls: [
      { index, ...opening, function: { ...named, ...(text === undefined ? {} : { arguments: text }) } },
    ],
  });
}

/** The chunks of an answer as OpenAI's servers send them: texts in pieces of `pieceLength` characters. */
export function chunksOf(answer: Answer, pieceLength = 12): object[] {
  const calls = answer.toolCalls ?? [];
  return [
    chunk({ role: "assistant", content: "" }),
    ...cutText(answer.reasoning ?? "", pieceLength).map((piece) => chunk({ reasoning_content: piece })),
    ...cutText(answer.text ?? "", pieceLength).map((piece) => chunk({ content: piece })),
    ...calls.flatMap((call, index) => [
      toolCallChunk(index, { id: call.id, name: call.name, arguments: "" }),
      ...cutText(JSON.stringify(call.arguments), pieceLength).map((piece) =>
        toolCallChunk(index, { arguments: piece }),
      ),
    ]),
    chunk({}, finishReasonOf(answer)),
    usageChunk(answer.usage),
  ];
}

/** The same answer as one completion. */
export function completionOf(answer: Answer): object {
  const calls = answer.toolCalls ?? [];
  const toolCalls = calls.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  const message = {
    role: "assistant",
    content: answer.text ?? null,
    ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "test-model",
    choices: [{ index: 0, message, finish_reason: finishReasonOf(answer) }],
    usage: answer.usage ?? defaultUsage,
  };
}

function finishReasonOf(answer: Answer): string {
  return answer.finishReason ?? ((answer.toolCalls ?? []).length > 0 ? "tool_calls" : "stop");
}

/** Cuts by code points, so that no piece ends inside a character. */
export function cutText(text: string, length: number): string[] {
  if (text.length <= length) return text === "" ? [] : [text];
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / length) }, (_, index) =>
    characters.slice(index * length, (index + 1) * length).join(""),
  );
}
