import { isJsonObject } from "../../../src/json/json-value.ts";
import { parseJson } from "../../../src/json/parse-json.ts";
import type { BuiltRequest, Protocol, Repair, Target } from "../../../src/protocols/protocol.ts";
import { createPart } from "../../../src/tokens/request-part.ts";
import type { Asked } from "../../../src/translate/conversation/asked.ts";
import type { Turn } from "../../../src/translate/conversation/turn.ts";
import { RequestedTools } from "../../../src/translate/tools/requested-tools.ts";
import { UpstreamError } from "../../../src/upstream/upstream-error.ts";
import type { ToyItem } from "./toy-item.ts";
import { createToyTranslator } from "./toy-translator.ts";

/** What is sent to `POST <base URL>/toy`. */
export interface ToyRequest {
  model: string;
  stream: boolean;
  most: number;
  lines: { by: "system" | "user" | "model" | "tool"; text: string }[];
  tools: string[];
}

/** The upstream has forbidden tools. */
interface WithoutTools extends Repair {
  kind: "without-tools";
}

/** A wire that nobody speaks: as little as a protocol can be. */
export const toyProtocol: Protocol<ToyRequest, ToyItem, WithoutTools> = {
  path: "/toy",
  build,
  *buildInParts(asked, target) {
    yield;
    return build(asked, target);
  },
  isStreamed: ({ stream }) => stream,
  listParts: ({ lines }) => lines.map(({ by, text }) => createPart("message", by, 1, text)),
  decoder: {
    answerName: "toy answer",
    decodeEvent(_, data) {
      if (data === "over") return { kind: "done" };
      const item = parseJson(data);
      return isJsonObject(item) ? { kind: "item", item } : { kind: "failure", error: notToy() };
    },
    isWhole: (data) => data === "over" || parseJson(data) !== undefined,
    hasUsage: ({ used }) => used !== undefined,
    keepUsage: (item) => item,
    parseWhole(text) {
      const item = parseJson(text);
      if (isJsonObject(item)) return item;
      throw notToy();
    },
  },
  createWatch: () => ({ see: () => {}, failure: () => null }),
  createTranslator: createToyTranslator,
  emptyAnswer: { end: "length", used: [0, 0] },
  repairs: {
    find: (error, { tools }) =>
      error.status === 400 && tools.length > 0 ? { kind: "without-tools", scope: "model" } : null,
    apply: (body) => (body.tools.length === 0 ? body : { ...body, tools: [] }),
    suitPlan: (plan) => plan,
    recoveryOf: () => null,
    lowersOutput: () => false,
    describe: () => "left out the tools",
    parse: (value) =>
      isJsonObject(value) && value["kind"] === "without-tools"
        ? { kind: "without-tools", scope: "model" }
        : null,
    key: ({ kind }) => kind,
    refusedTrait: () => "tools",
    addTraits: (traits, { tools }) => {
      if (tools.length > 0) traits.add("tools");
    },
  },
};

function build(asked: Asked, { model }: Target): BuiltRequest<ToyRequest> {
  const { functions } = asked.tools;
  const system = asked.system.map(({ text }) => ({ by: "system" as const, text }));
  return {
    body: {
      model,
      stream: asked.isStreamed,
      most: asked.outputLimit,
      lines: [...system, ...asked.turns.flatMap(linesOf)],
      tools: functions.map(({ name }) => name),
    },
    plan: {
      model,
      maxTokens: asked.outputLimit,
      tools: new RequestedTools(functions.map(({ name, inputSchema }) => [name, { name, inputSchema }])),
      usedToolIds: asked.usedToolIds,
      stopSequences: asked.stopSequences,
      watchesStopSequences: asked.stopSequences.length > 0,
      thinkingDisplay: asked.thinkingDisplay,
      thinkingIsOn: asked.thinking.state === "on",
      wantsContextManagement: asked.wantsContextManagement,
      webSearchQuery: asked.webSearchQuery,
      prefill: null,
    },
    dropped: [...asked.notes.dropped],
    mended: [...asked.notes.mended],
  };
}

function linesOf(turn: Turn): ToyRequest["lines"] {
  if (turn.role === "assistant") {
    return turn.items.flatMap((item) => {
      if (item.type === "text") return [{ by: "model" as const, text: item.text }];
      return item.type === "tool_use" ? [{ by: "model" as const, text: `calls ${item.name}` }] : [];
    });
  }
  const results = turn.results.map(({ toolName, parts }) => ({
    by: "tool" as const,
    text: `${toolName}: ${parts.map((part) => (part.type === "text" ? part.text : part.type)).join("")}`,
  }));
  const said = turn.said.flatMap((part) =>
    part.type === "text" ? [{ by: "user" as const, text: part.text }] : [],
  );
  return [...results, ...said];
}

function notToy(): UpstreamError {
  return new UpstreamError("malformed", "The upstream's answer is no toy", { phase: "body" });
}
