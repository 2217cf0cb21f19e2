import type { ClientHints } from "../anthropic/client-hints.ts";
import type { ContentBlock } from "../anthropic/content-block.ts";
import { findPurpose, isFromAgent, type PurposefulRequest } from "../anthropic/request-kind.ts";
import type { FileTier, RequestKindName } from "../config/file-config.ts";
import { estimatePromptTokens } from "./estimate-prompt-tokens.ts";

/** What cases ask of a request. Members that take time are found out when they are first asked for. */
export interface RequestFacts {
  /** The id asked for, without `[1m]` at its end and `via-claude-proxy/` before it. */
  readonly model: string;
  /** By the words in the id. */
  readonly tier: FileTier | null;
  readonly kind: RequestKindName;
  /** Whether a sub-agent asks, and its type if the client says it. */
  readonly agent: { readonly isAgent: boolean; readonly type: string | null };
  /** An image anywhere in the conversation, also in the result of a tool. */
  readonly images: boolean;
  /** A PDF document anywhere in the conversation. */
  readonly pdf: boolean;
  readonly thinking: boolean;
  readonly tools: boolean;
  /** The estimate of the prompt's tokens. */
  readonly tokens: () => number;
  /** The name of the client, if clients have names. */
  readonly client: string | null;
}

/**
 * Reads the facts of a request. They hold the request in memory: nothing that outlives the choice of a target may keep
 * them.
 * @param client the name of the client; null if clients have no names
 * @param path whether the request is for an answer or for a count
 */
export function readRequestFacts(
  request: PurposefulRequest,
  hints: ClientHints,
  client: string | null,
  path: "messages" | "count_tokens" = "messages",
): RequestFacts {
  const model = readAskedId(request.model);
  const isAgent = isFromAgent(request, hints);
  const findMedia = once(() => findRequestMedia(request));
  return {
    model,
    tier: findFileTier(model),
    kind: path === "count_tokens" ? "count" : findPurpose(request, hints),
    agent: { isAgent, type: isAgent ? hints.agentType : null },
    get images() {
      return findMedia().images;
    },
    get pdf() {
      return findMedia().pdf;
    },
    thinking: request.thinking != null && request.thinking.type !== "disabled",
    tools: request.tools != null && request.tools.length > 0,
    tokens: once(() => estimatePromptTokens(request)),
    client,
  };
}

function once<Value>(find: () => Value): () => Value {
  let found: { value: Value } | null = null;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}

/**
 * Claude Code lists only models whose ids speak of Claude or Anthropic. With this before it every target of an upstream
 * can be listed: `via-claude-proxy/deepseek/deepseek-v4-pro`.
 */
export const listedPrefix = "via-claude-proxy/";

/** The client's mark for a window of a million tokens, which is no part of the id. */
const longContextMark = "[1m]";

/** The id without what is no part of it: the mark at its end, and the beginning under which clients list foreign models. */
function readAskedId(model: string): string {
  const id = model.startsWith(listedPrefix) ? model.slice(listedPrefix.length) : model;
  return id.toLowerCase().endsWith(longContextMark) ? id.slice(0, -longContextMark.length) : id;
}

/** In the order in which they are looked for. Mythos is a Claude of the class of Fable. */
const tierWords: readonly (readonly [string, FileTier])[] = [
  ["haiku", "haiku"],
  ["sonnet", "sonnet"],
  ["opus", "opus"],
  ["fable", "fable"],
  ["mythos", "fable"],
];

function findFileTier(model: string): FileTier | null {
  const id = model.toLowerCase();
  return tierWords.find(([word]) => id.includes(word))?.[1] ?? null;
}

interface Media {
  images: boolean;
  pdf: boolean;
}

/** Looks from the end, where new images are, until it has found both. */
function findRequestMedia({ messages }: PurposefulRequest): Media {
  const media: Media = { images: false, pdf: false };
  for (let index = messages.length - 1; index >= 0; index--) {
    addMedia(media, messages[index]?.content);
    if (media.images && media.pdf) break;
  }
  return media;
}

function addMedia(media: Media, content: string | readonly ContentBlock[] | null | undefined): void {
  if (content == null || typeof content === "string") return;
  for (const block of content) {
    if (block.type === "image") media.images = true;
    else if (block.type === "tool_result") addMedia(media, block.content);
    else if (block.type === "document") addDocument(media, block.source);
  }
}

function addDocument(media: Media, source: Extract<ContentBlock, { type: "document" }>["source"]): void {
  if (source.type === "content") addMedia(media, source.content);
  // A document elsewhere is a PDF: a text would be here.
  else if (source.type === "url" || source.type === "file") media.pdf = true;
  else if (source.type === "base64" && source.media_type.toLowerCase() === "application/pdf")
    media.pdf = true;
}
