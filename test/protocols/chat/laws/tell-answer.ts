import type { ProfileId } from "../../../../src/profiles/profile-ids.ts";
import type { ChatChunk } from "../../../../src/protocols/chat/chat-response.ts";
import type { Answer, AnswerCall } from "./answer.ts";
import type { Manner } from "./manner.ts";

/** An answer told in one manner: as the deltas of a stream, and as the message of a whole completion. */
export interface ToldAnswer {
  deltas: object[];
  message: object;
}

const signature = { google: { thought_signature: "c2ln" } };

/**
 * Tells an answer to both ways. Families that recognise repetitions are told their reasoning as they tell it:
 * minimax in snapshots, xai with every piece twice.
 */
export function tellAnswer(answer: Answer, manner: Manner, profile: ProfileId): ToldAnswer {
  const reasoning = tellReasoning(answer, manner, profile);
  const content = tellContent(answer, manner);
  const refusal =
    answer.refusal === "" ? [] : cut(answer.refusal, manner.sizes).map((piece) => ({ refusal: piece }));
  const annotations = answer.sources.map((url) => ({
    type: "url_citation",
    url_citation: { url, title: url },
  }));
  const cited = annotations.length === 0 ? {} : { annotations };
  const calls = tellCalls(answer.calls, manner);
  return {
    deltas: [
      { role: "assistant", content: manner.hasEmptyMembers ? "" : undefined },
      ...reasoning.deltas,
      ...(annotations.length === 0 ? [] : [cited]),
      ...content.deltas,
      ...refusal,
      ...calls.deltas,
    ].map((delta) => (manner.hasEmptyMembers ? { ...emptyMembers, ...delta } : delta)),
    message: {
      role: "assistant",
      ...reasoning.message,
      content: content.whole,
      ...(answer.refusal === "" ? {} : { refusal: answer.refusal }),
      ...cited,
      ...calls.message,
    },
  };
}

const emptyMembers = {
  content: null,
  refusal: null,
  reasoning: null,
  reasoning_content: "",
  tool_calls: null,
  audio: null,
};

/** Cuts a text into pieces of these lengths, and a last one. */
function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= text.length) break;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

function tellReasoning(answer: Answer, manner: Manner, profile: ProfileId): ToldAnswer {
  const pieces = reasoningPieces(answer.reasoning, manner, profile);
  const encrypted = { type: "reasoning.encrypted", data: "ZW5j", id: "rs_1", format: "openai-responses-v1" };
  const hidden = manner.isEncrypted ? [encrypted] : [];
  const hiddenDeltas = hidden.map((detail) => ({ reasoning_details: [detail] }));
  const field = (name: string): ToldAnswer => ({
    deltas: [...pieces.map((piece) => ({ [name]: piece })), ...hiddenDeltas],
    message: { [name]: answer.reasoning, ...(hidden.length === 0 ? {} : { reasoning_details: hidden }) },
  });
  const details = (toDetail: (piece: string) => object, beside: boolean): ToldAnswer => {
    // xAI repeats itself in `reasoning_content` only.
    const streamed = profile === "xai" ? pieces.slice(1) : pieces;
    // What is told in snapshots is whole in the end.
    const told = profile === "minimax" ? pieces.slice(-1) : streamed;
    return {
      deltas: [
        ...streamed.map((piece) => ({
          reasoning_details: [toDetail(piece)],
          ...(beside ? { reasoning: piece, reasoning_content: piece } : {}),
        })),
        ...hiddenDeltas,
      ],
      message: {
        reasoning_details: [...told.map(toDetail), ...hidden],
        ...(beside ? { reasoning: answer.reasoning, reasoning_content: answer.reasoning } : {}),
      },
    };
  };
  const toText = (text: string) => ({
    type: "reasoning.text",
    text,
    index: 0,
    format: "anthropic-claude-v1",
  });
  switch (manner.reasoningAs) {
    case "reasoning":
    case "reasoning_content":
    case "reasoning_text":
      return field(manner.reasoningAs);
    case "both": {
      const { deltas, message } = field("reasoning");
      const double = deltas.map((delta) =>
        "reasoning" in delta ? { ...delta, reasoning_content: delta.reasoning } : delta,
      );
      return { deltas: double, message: { ...message, reasoning_content: answer.reasoning } };
    }
    case "details-text":
      return details(toText, false);
    case "details-beside-text":
      return details(toText, true);
    case "details-summary":
      // MiniMax has no summaries.
      if (profile === "minimax") return details(toText, false);
      return details((summary) => ({ type: "reasoning.summary", summary, index: 0 }), false);
    default:
      return { deltas: [], message: {} };
  }
}

function reasoningPieces(reasoning: string, { sizes }: Manner, profile: ProfileId): string[] {
  const pieces = cut(reasoning, sizes);
  if (profile === "minimax") return pieces.map((_, index) => pieces.slice(0, index + 1).join(""));
  if (profile === "xai") return reasoning === "" ? [] : [reasoning, reasoning];
  return pieces;
}

/** The text, with the reasoning and the calls that are told inside it. */
function tellContent(answer: Answer, manner: Manner): { deltas: object[]; whole: unknown } {
  const { reasoning, calls } = answer;
  const tagged = manner.reasoningAs === "tags" && reasoning !== "" ? `<think>${reasoning}</think>` : "";
  const leaked =
    manner.callsAs === "leaked"
      ? calls.map((call) => writeCall({ ...call, input: writtenInput(call, manner) }, manner.notation))
      : [];
  const text = tagged + answer.text + leaked.join("\n");
  const asParts = manner.contentAs === "parts" || manner.reasoningAs === "parts";
  const pieces = cut(text, manner.sizes);
  if (!asParts) return { deltas: pieces.map((content) => ({ content })), whole: text };
  const thinking = (part: string) => ({ type: "thinking", thinking: [{ type: "text", text: part }] });
  const toText = (part: string) => ({ type: "text", text: part });
  const isThinking = manner.reasoningAs === "parts" && reasoning !== "";
  return {
    deltas: [
      ...(isThinking ? [{ content: [thinking(reasoning)] }] : []),
      ...pieces.map((piece) => ({ content: [toText(piece)] })),
    ],
    whole: [...(isThinking ? [thinking(reasoning)] : []), ...(text === "" ? [] : [toText(text)])],
  };
}

/** A call as its family writes it into the text. */
function writeCall({ name, input }: AnswerCall, notation: Manner["notation"]): string {
  const json = JSON.stringify(input);
  const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const members = Object.entries(input);
  switch (notation) {
    case "coder":
      return `<function=${name}>\n${members.map(([key, value]) => `<parameter=${key}>\n${textOf(value)}\n</parameter>\n`).join("")}</function>`;
    case "dsml":
      return `<｜DSML｜invoke name="${name}">${members
        .map(
          ([key, value]) =>
            `<｜DSML｜parameter name="${key}" string="${typeof value === "string"}">${textOf(value)}</｜DSML｜parameter>`,
        )
        .join("")}</｜DSML｜invoke>`;
    case "kimi":
      return `<|tool_call_begin|>functions.${name}:0<|tool_call_argument_begin|>${json}<|tool_call_end|>`;
    case "mistral":
      return `[TOOL_CALLS]${name}[ARGS]${json}`;
    case "gemma":
      return `<|tool_call>call:${name}{${members.map(([key, value]) => `${key}:${typeof value === "string" ? `<|"|>${value}<|"|>` : JSON.stringify(value)}`).join(",")}}<tool_call|>`;
    case "hermes":
      return `<tool_call>${JSON.stringify({ name, arguments: input })}</tool_call>`;
  }
}

/** The input of a call as its model writes it. */
export function writtenInput({ input }: AnswerCall, { wrapsLists }: Manner): AnswerCall["input"] {
  const { items } = input;
  return wrapsLists && items !== undefined ? { ...input, items: JSON.stringify(items) } : input;
}

function tellCalls(calls: readonly AnswerCall[], manner: Manner): ToldAnswer {
  if (manner.callsAs === "leaked") return { deltas: [], message: {} };
  const groups =
    manner.joinsCalls && manner.callsAs === "pieces" ? joinCalls(calls) : calls.map((call) => [call]);
  const told = groups.map((group, position) => tellCall(group, position, manner));
  if (manner.callsAs === "function_call") {
    const [first] = told;
    if (first === undefined) return { deltas: [], message: {} };
    const deltas = first.deltas.map((delta) => ({ function_call: delta.function }));
    return { deltas, message: { function_call: first.whole.function } };
  }
  const perCall = told.map(({ deltas }) => deltas);
  // Without an index of its own a fragment belongs to the last call: such servers cannot mix calls. Where calls are put
  // into one, they come in another order when they are mixed.
  const keepsOrder = !manner.joinsCalls || manner.mixesJoined;
  const mixes = manner.isInterleaved && manner.index === "own" && keepsOrder;
  const ordered = mixes ? takeTurns(perCall) : perCall.flat();
  return {
    deltas: ordered.map((delta) => ({ tool_calls: [delta] })),
    message: calls.length === 0 ? {} : { tool_calls: told.map(({ whole }) => whole) },
  };
}

/** Calls of one tool that follow each other, as long as no two of them are certainly the same. */
function joinCalls(calls: readonly AnswerCall[]): AnswerCall[][] {
  const groups: AnswerCall[][] = [];
  for (const call of calls) {
    const last = groups.at(-1);
    const paths = last?.map(({ input }) => input["path"]) ?? [];
    const { path } = call.input;
    const isNew = path !== undefined && !paths.includes(undefined) && !paths.includes(path);
    if (isNew && last?.[0]?.name === call.name) last.push(call);
    else groups.push([call]);
  }
  return groups;
}

function tellCall(group: readonly AnswerCall[], position: number, manner: Manner) {
  const [call] = group;
  if (call === undefined) throw new Error("a call in none");
  const input = writtenInput(call, manner);
  const json = group.map((one) => JSON.stringify(writtenInput(one, manner))).join("");
  const placed = manner.hasPlaceholder && manner.callsAs === "pieces" ? `{}${json}` : json;
  const text = manner.callsAs === "text-of-text" ? JSON.stringify(json) : placed;
  const isObject = manner.callsAs === "object";
  const place = manner.index === "none" ? {} : { index: manner.index === "own" ? position : 0 };
  // Without index and id only the end of an object tells that another call begins.
  const needsId = manner.callsAs === "text-of-text" && manner.index !== "own";
  const id = manner.hasNoIds && !needsId ? {} : { id: call.id };
  const extra = manner.isSigned && position === 0 ? { extra_content: signature } : {};
  const [first = "", ...rest] = isObject ? [] : cut(text, manner.sizes);
  const isLate = manner.hasLateName && manner.index === "own" && manner.callsAs === "pieces";
  const head = { ...place, ...id, type: "function", ...extra };
  const [name = "", ...nameRest] = cutName(call.name, manner);
  const named = [...nameRest.map((piece) => ({ ...place, function: { name: piece } }))];
  const opening = isLate
    ? [
        { ...head, function: { arguments: first } },
        { ...place, function: { name: call.name } },
      ]
    : named.length === 0
      ? [{ ...head, function: { name, arguments: isObject ? input : first } }]
      : [
          { ...head, function: { name, arguments: "" } },
          ...named,
          { ...place, function: { arguments: isObject ? input : first } },
        ];
  return {
    deltas: [...opening, ...rest.map((piece) => ({ ...place, function: { arguments: piece } }))],
    whole: {
      ...id,
      type: "function",
      ...extra,
      function: { name: call.name, arguments: isObject ? input : text },
    },
  };
}

/** Pieces of a name that is one of the request, a prefix aside: another one cannot be known for the whole of it. */
function cutName(name: string, { cutsNames, callsAs }: Manner): string[] {
  const isOffered = ["Read", "Bash", "mcp__files__Write", "functions.Read"].includes(name);
  return cutsNames && isOffered && callsAs !== "function_call" ? [name.slice(0, 2), name.slice(2)] : [name];
}

function takeTurns<Item>(lists: readonly Item[][]): Item[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  ).flat();
}

/** The whole completion. */
export function completionOf(told: ToldAnswer, answer: Answer, { hasCallsApart }: Manner): ChatChunk {
  const { finishReason, usage } = answer;
  const choice = (index: number, message: object) => ({ index, message, finish_reason: finishReason });
  const { tool_calls, function_call, ...message } = told.message as { [key: string]: unknown };
  const hasCalls = tool_calls !== undefined || function_call !== undefined;
  if (!hasCallsApart || !hasCalls) return { choices: [choice(0, told.message)], usage };
  return { choices: [choice(0, message), choice(1, { content: null, tool_calls, function_call })], usage };
}

/** Whether a delta holds calls, so that it may stand in a choice of its own. */
export function hasCalls(delta: object): boolean {
  return ("tool_calls" in delta && delta.tool_calls !== null) || "function_call" in delta;
}
