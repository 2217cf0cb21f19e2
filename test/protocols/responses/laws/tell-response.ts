import type { Manner, SaidItem } from "./said.ts";

type Json = { [member: string]: unknown };

/** A response told in one manner: as the events of a stream, and whole. */
export interface ToldResponse {
  events: Json[];
  response: Json;
}

export function tellResponse(items: readonly SaidItem[], manner: Manner): ToldResponse {
  let ids = 0;
  const idOf = (place: number) => {
    ids += 1;
    return manner.rotatesIds ? `id_${ids}` : `item_${place}`;
  };
  const output = items.map((item, place) => ({ ...itemOf(item), id: idOf(place) }));
  const perItem = items.map((item, place) => {
    const at = () =>
      manner.hasIndex ? { output_index: place, item_id: idOf(place) } : { item_id: idOf(place) };
    return tellItem(item, manner, { at, whole: () => ({ ...itemOf(item, manner), id: idOf(place) }) });
  });
  const response = { id: "resp_1", object: "response", status: "completed", error: null, output, usage };
  const last = { ...response, output: manner.listsOutput ? output : [] };
  return {
    events: [
      { type: "response.created", response: { id: "resp_1", output: [], error: null } },
      ...mix(items, perItem, manner),
      { type: "response.completed", response: last },
    ],
    response,
  };
}

const usage = { input_tokens: 9, output_tokens: 5, total_tokens: 14 };

interface Place {
  /** Members that say of which item an event is. */
  at: () => Json;
  whole: () => Json;
}

function itemOf(item: SaidItem, manner?: Manner): Json {
  switch (item.kind) {
    case "reasoning":
      return {
        type: "reasoning",
        summary: item.summary.map((text) => ({ type: "summary_text", text })),
        content: item.content.map((text) => ({ type: "reasoning_text", text })),
        encrypted_content: item.blob,
      };
    case "message":
      return { type: "message", role: "assistant", content: item.parts.map(partOf) };
    case "call": {
      const json = manner?.argumentsAsObject === true ? item.input : JSON.stringify(item.input);
      return {
        type: "function_call",
        call_id: item.id,
        name: item.name,
        arguments: json,
        status: "completed",
      };
    }
    case "search":
      return { type: "web_search_call", action: { type: "search", query: item.query } };
  }
}

function partOf({ isRefusal, text }: { isRefusal: boolean; text: string }): Json {
  return isRefusal ? { type: "refusal", refusal: text } : { type: "output_text", text, annotations: [] };
}

function tellItem(item: SaidItem, manner: Manner, { at, whole }: Place): Json[] {
  const announced = {
    ...whole(),
    summary: [],
    content: [],
    arguments: "",
    encrypted_content: "short",
    action: {},
  };
  const on = (type: string, members: Json): Json => ({ type: `response.${type}`, ...at(), ...members });
  return [
    ...(manner.announces || item.kind === "search" ? [on("output_item.added", { item: announced })] : []),
    ...tellTexts(item, manner, on),
    ...(manner.endsItems ? [on("output_item.done", { item: whole() })] : []),
  ];
}

function tellTexts(item: SaidItem, manner: Manner, on: (type: string, members: Json) => Json): Json[] {
  switch (item.kind) {
    case "search":
      return [];
    case "call": {
      const json = JSON.stringify(item.input);
      const pieces = manner.hasPieces ? cut(json, manner.sizes) : [];
      const end = on("function_call_arguments.done", {
        arguments: manner.argumentsAsObject ? item.input : json,
      });
      return [
        ...pieces.map((delta) => on("function_call_arguments.delta", { delta })),
        ...(manner.endsTexts ? [end] : []),
      ];
    }
    case "reasoning": {
      // Servers stream either of the two.
      if (item.summary.length === 0)
        return item.content.flatMap((text, index) =>
          tellText(text, "reasoning_text", { content_index: index }, manner, on),
        );
      return item.summary.flatMap((text, index) =>
        tellText(text, "reasoning_summary_text", { summary_index: index }, manner, on),
      );
    }
    case "message":
      return item.parts.flatMap((part, index) => [
        ...tellText(
          part.text,
          part.isRefusal ? "refusal" : "output_text",
          { content_index: index },
          manner,
          on,
        ),
        ...(manner.hasPartEvents
          ? [on("content_part.done", { content_index: index, part: partOf(part) })]
          : []),
      ]);
  }
}

function tellText(
  text: string,
  kind: string,
  place: Json,
  manner: Manner,
  on: (type: string, members: Json) => Json,
): Json[] {
  const pieces = manner.hasPieces ? cut(text, manner.sizes) : [];
  const whole = kind === "refusal" ? { refusal: text } : { text };
  return [
    ...pieces.map((delta) => on(`${kind}.delta`, { ...place, delta })),
    ...(manner.endsTexts ? [on(`${kind}.done`, { ...place, ...whole })] : []),
  ];
}

/** Cuts a text into pieces of these lengths, and a last one. */
function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= text.length) break;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return at < text.length ? [...pieces, text.slice(at)] : pieces;
}

/** The events of all items, with those of calls that follow each other in turns: the announcements keep their order. */
function mix(items: readonly SaidItem[], perItem: readonly Json[][], { mixesCalls }: Manner): Json[] {
  const events: Json[] = [];
  for (let place = 0; place < items.length; ) {
    let end = place + 1;
    if (mixesCalls && items[place]?.kind === "call") while (items[end]?.kind === "call") end += 1;
    const group = perItem.slice(place, end);
    const longest = Math.max(0, ...group.map((list) => list.length));
    for (let turn = 0; turn < longest; turn += 1)
      for (const list of group) events.push(...list.slice(turn, turn + 1));
    place = end;
  }
  return events;
}
