import type { CallPart, MessagePart, OutputPart, ReasoningPart, SearchPart } from "./response-answer.ts";
import type { ResponseManner } from "./response-manner.ts";

const idPrefixes = { reasoning: "rs_", message: "msg_", call: "fc_", search: "ws_" } as const;

/** The id of the item at `index`, as most servers begin theirs. */
export function idOf(part: OutputPart, index: number): string {
  return `${idPrefixes[part.kind]}${index}`;
}

/** An output item when it is complete, with its id. */
export function itemOf(part: OutputPart, id: string, manner: ResponseManner): object {
  switch (part.kind) {
    case "reasoning":
      return reasoningItemOf(part, id, manner);
    case "message":
      return messageItemOf(part, id);
    case "call":
      return { ...callItemOf(part, id), arguments: argumentsOf(part), status: callStatusOf(part) };
    case "search":
      return searchItemOf(part, id, manner);
  }
}

/** The same item when it has only begun. */
export function addedItemOf(part: OutputPart, id: string, manner: ResponseManner): object {
  switch (part.kind) {
    case "reasoning": {
      const short = part.encrypted?.slice(0, Math.ceil(part.encrypted.length / 2));
      const early = manner.encrypted === "early" && short !== undefined ? { encrypted_content: short } : {};
      return { id, type: "reasoning", ...early, ...nothingIn(manner), summary: [] };
    }
    case "message":
      return { ...messageHeadOf(part, id), status: "in_progress", content: [] };
    case "call":
      return { ...callItemOf(part, id), arguments: "", status: "in_progress" };
    case "search":
      if (manner.searches === "at-once") return searchItemOf(part, id, manner);
      return { id, type: "web_search_call", status: "in_progress" };
  }
}

/** The copy of an item in the terminal event of a stream: reasoning is encrypted anew there, if it is encrypted. */
export function terminalItemOf(part: OutputPart, id: string, manner: ResponseManner): object {
  if (part.kind !== "reasoning" || part.encrypted === undefined) return itemOf(part, id, manner);
  if (part.encrypted === part.summary?.join("")) return itemOf(part, id, manner);
  return itemOf({ ...part, encrypted: `${part.encrypted}-again` }, id, manner);
}

/** The text of a call's arguments. */
export function argumentsOf({ arguments: value }: CallPart): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The annotations of a message. */
export function annotationsOf(part: MessagePart): object[] {
  return (part.cites ?? []).map(({ url, title }) => ({
    type: "url_citation",
    url,
    ...(title === undefined ? {} : { title }),
    start_index: 0,
    end_index: (part.text ?? "").length,
  }));
}

/** The one content part of a message, with what it says so far. */
export function contentPartOf(part: MessagePart, isWhole: boolean): object {
  if (part.refusal !== undefined) return { type: "refusal", refusal: isWhole ? part.refusal : "" };
  return {
    type: "output_text",
    text: isWhole ? (part.text ?? "") : "",
    annotations: isWhole ? annotationsOf(part) : [],
    logprobs: [],
  };
}

function reasoningItemOf(part: ReasoningPart, id: string, manner: ResponseManner): object {
  const { summary = [], text, encrypted } = part;
  const isKept = manner.encrypted === "early" || manner.encrypted === "done-only";
  return {
    id,
    type: "reasoning",
    ...(isKept && encrypted !== undefined ? { encrypted_content: encrypted } : {}),
    ...nothingIn(manner),
    summary: summary.map((one) => ({ type: "summary_text", text: one })),
    ...(text === undefined ? {} : { content: [{ type: "reasoning_text", text }] }),
  };
}

function nothingIn({ encrypted }: ResponseManner): object {
  if (encrypted === "empty") return { encrypted_content: "" };
  return encrypted === "null" ? { encrypted_content: null } : {};
}

function messageHeadOf({ phase }: MessagePart, id: string): object {
  return { id, type: "message", role: "assistant", ...(phase === undefined ? {} : { phase }) };
}

function messageItemOf(part: MessagePart, id: string): object {
  return { ...messageHeadOf(part, id), status: "completed", content: [contentPartOf(part, true)] };
}

function callItemOf({ id: callId, name }: CallPart, id: string): object {
  return { id, type: "function_call", call_id: callId, name };
}

/** A call that was cut is incomplete. */
function callStatusOf(part: CallPart): string {
  try {
    JSON.parse(argumentsOf(part));
    return "completed";
  } catch {
    return "incomplete";
  }
}

function searchItemOf({ query, sources }: SearchPart, id: string, manner: ResponseManner): object {
  if (manner.searches === "at-once") {
    const text = JSON.stringify({ query, num_results: sources.length });
    return {
      id,
      type: "web_search_call",
      status: "completed",
      name: "web_search",
      arguments: text,
      call_id: "",
    };
  }
  const found = sources.map((url) => ({ type: "url", url }));
  return {
    id,
    type: "web_search_call",
    status: "completed",
    action: { type: "search", query, sources: found },
  };
}
