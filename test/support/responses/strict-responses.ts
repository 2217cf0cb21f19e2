import { json, type Reply, status } from "../reply.ts";
import { isObject, type Json, objectsOf } from "../strict/json.ts";
import type { Model } from "../strict-upstream.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "../upstream.ts";
import { type ResponseAnswer, responseAnswerOf } from "./response-answer.ts";
import { replyOf, responseOf } from "./response-events.ts";
import { type MannerId, type ResponseManner, responseManners } from "./response-manner.ts";
import { createBlobMint } from "./strict/blob-mint.ts";
import { findRefusals } from "./strict/find-refusals.ts";
import { findQuirkFaults, type ResponsesQuirks } from "./strict/quirks.ts";
import { type ResponsesFamily, responsesRules } from "./strict/responses-families.ts";
import { type ResponsesRefusal, refusal } from "./strict/responses-refusal.ts";
import { isSaid, textOf, turnsOf } from "./strict/turn-faults.ts";

/** What a model says to a responses request; a reply instead where the server answers for it. */
export type ResponsesModel = (request: Json) => ResponseAnswer | Reply;

export interface StrictResponses extends Upstream {
  /** Everything that was refused as a fault, in the order it came. */
  violations: string[];
  /** What was refused although nobody could know it before, by the quirks of this server. */
  lessons: string[];
  /** From now on it can read no reasoning that it has encrypted before. */
  forgetBlobs(): void;
}

export interface StrictResponsesOptions {
  family: ResponsesFamily;
  model: ResponsesModel;
  /** Default: the family's. */
  manner?: ResponseManner;
  /** What stands before `/responses`; default `/v1`. An address of Azure has its host in it. */
  basePath?: string;
  /** Default: the usual header of the family and path. */
  keyHeader?: "bearer" | "api-key";
  /** Blobs fit one session only. Default true; a client that names a new session for every run needs false. */
  hasSessions?: boolean;
  quirks?: ResponsesQuirks;
}

const mannerOfFamily: Readonly<Record<ResponsesFamily, MannerId>> = {
  openai: "openai",
  azure: "azure",
  "azure-project": "azure",
  xai: "xai",
  openrouter: "openrouter",
  ollama: "ollama",
  lmstudio: "lmstudio",
  vllm: "vllm",
  llamacpp: "llamacpp",
  deepseek: "deepseek",
  generic: "openai",
};

const upstreamKey = "sk-upstream-key";

/**
 * Starts an upstream that reads every responses request as severely as the servers of `family`, refuses it in their
 * words, and lets `model` answer the rest, whole or streamed as was asked.
 */
export async function startStrictResponses(options: StrictResponsesOptions): Promise<StrictResponses> {
  const { family, model, basePath = "/v1", quirks = {}, hasSessions = true } = options;
  const manner = options.manner ?? responseManners[mannerOfFamily[family]];
  const upstream = await startUpstream();
  const mint = createBlobMint({
    family,
    hasGenerations: responsesRules[family].models === "openai",
    hasSessions,
    mayLack: quirks.takesOneBlob === true || quirks.losesBlobs === true,
  });
  const hasBlobs = responsesRules[family].reasoning === "blob";
  const violations: string[] = [];
  const lessons: string[] = [];
  upstream.respondWith((request) => {
    const { method, path, body } = request;
    if (method !== "POST" || path.split("?")[0] !== `${basePath}/responses`) {
      violations.push(`${method} ${path}`);
      return status(404, { error: { message: `no such endpoint: ${method} ${path}` } });
    }
    const keyFault = findKeyFault(request, options.keyHeader ?? keyHeaderOf(basePath));
    if (keyFault !== null) {
      violations.push(keyFault);
      return status(401, buildResponsesRefusal(family, refusal(keyFault, null, "invalid_api_key")));
    }
    const faults = findRefusals(body, family);
    if (!isObject(body) || faults.length > 0) return refuse(faults, violations);
    const learnable = [...findQuirkFaults(body, quirks), ...(hasBlobs ? mint.findForgotten(body) : [])];
    const tellsInStream = quirks.tellsInStream === true && body["stream"] === true;
    if (learnable.length > 0) return refuse(learnable, lessons, tellsInStream);
    const blobFaults = hasBlobs ? mint.findFaults(body) : [];
    if (blobFaults.length > 0) return refuse(blobFaults, violations);
    const answer = model(body);
    if ("head" in answer) return answer;
    const sealed = hasBlobs && isAskedForBlobs(body, family) ? mint.seal(answer, body) : answer;
    return body["stream"] === true ? replyOf(sealed, manner) : json(responseOf(sealed, manner));
  });
  /** One refusal is told, all are noted. */
  function refuse(faults: readonly ResponsesRefusal[], list: string[], inStream = false): Reply {
    list.push(...faults.map(({ message, param }) => (param === null ? message : `${param}: ${message}`)));
    const first = faults[0] ?? refusal("the body is not JSON");
    if (inStream) return replyOf({ output: [], failure: first }, manner);
    return status(first.status ?? 400, buildResponsesRefusal(family, first));
  }
  const baseUrl = upstream.baseUrl.replace(/\/v1$/, basePath);
  return { ...upstream, baseUrl, violations, lessons, forgetBlobs: mint.forget };
}

/** Azure encrypts for those alone who ask; OpenAI and xAI do so for all. */
function isAskedForBlobs(request: Json, family: ResponsesFamily): boolean {
  if (!family.startsWith("azure")) return true;
  const { include } = request;
  return Array.isArray(include) && include.includes("reasoning.encrypted_content");
}

/** The header with the key, by the path: addresses of Azure that do not end as OpenAI's do have one of their own. */
function keyHeaderOf(basePath: string): "bearer" | "api-key" {
  return basePath.includes(".azure.com") && !basePath.endsWith("/openai/v1") ? "api-key" : "bearer";
}

function findKeyFault({ headers }: RecordedRequest, keyHeader: "bearer" | "api-key"): string | null {
  const { authorization, "api-key": apiKey } = headers;
  const isGood =
    keyHeader === "bearer"
      ? authorization === `Bearer ${upstreamKey}` && apiKey === undefined
      : apiKey === upstreamKey && authorization === undefined;
  return isGood ? null : `Incorrect API key provided, or not as ${keyHeader}.`;
}

/** The body of a refusal as the family's servers write it. */
export function buildResponsesRefusal(
  family: ResponsesFamily,
  { message, param, code }: ResponsesRefusal,
): object {
  switch (family) {
    case "openrouter":
    case "llamacpp":
      return { error: { code: 400, message } };
    case "xai":
      return { code: "Client specified an invalid argument", error: message };
    case "vllm":
      return { error: { message, type: "BadRequestError", param, code: 400 } };
    default:
      return { error: { message, type: "invalid_request_error", param, code } };
  }
}

/** Lets a model that reads chat requests answer: it sees the turns of the conversation as messages. */
export function asResponsesModel(model: Model): ResponsesModel {
  return (request) => {
    const answer = model(readAsChat(request));
    return "head" in answer ? answer : responseAnswerOf(answer);
  };
}

function readAsChat(request: Json): Json {
  const items = objectsOf(request["input"]);
  const turns = new Map(turnsOf(items).map((turn) => [turn.start, turn.items]));
  const messages = items.flatMap((item, index) => {
    const turn = turns.get(index);
    if (turn !== undefined) return [turnAsMessage(turn)];
    if (isSaid(item)) return [];
    const { type, role, content, output, call_id: id } = item;
    return type === "message"
      ? [{ role, content: textOf(content) }]
      : [{ role: "tool", tool_call_id: id, content: output }];
  });
  return { ...("tools" in request ? { tools: request["tools"] } : {}), messages };
}

function turnAsMessage(items: readonly Json[]): Json {
  const calls = items.filter(({ type }) => type === "function_call");
  const texts = items.filter(({ type }) => type === "message").map(({ content }) => textOf(content));
  return {
    role: "assistant",
    content: texts.join(""),
    tool_calls: calls.map(({ call_id: id, name, arguments: text }) => ({
      id,
      type: "function",
      function: { name, arguments: text },
    })),
  };
}
