import type { ApiError } from "../../anthropic/api-error.ts";
import { parseJson } from "../../json/parse-json.ts";
import { isAnthropic } from "../../profiles/known-upstreams.ts";
import type { ThinkingFault } from "../../protocols/anthropic/find-thinking-fault.ts";
import {
  createPassingClient,
  type PassingCall,
  type PassingClientOptions,
} from "../../upstream/passing-client.ts";
import type { RelayedAnswer } from "../relayed-answer.ts";
import { createCall } from "../upstream-call.ts";
import { createPassAccountant } from "./account-for-passed.ts";
import { type BegunAnswer, beginPassed } from "./begin-passed.ts";
import { createPassExplainer } from "./explain-passed.ts";
import type { PassCall, PassDependencies, PassedCount } from "./pass-call.ts";
import { PassReader } from "./pass-reader.ts";
import { pickPassedHeaders } from "./passed-headers.ts";
import { buildPassedBody, buildPassedHead, type PassedHead } from "./passed-request.ts";
import type { Passing } from "./passing.ts";

/** Creates the way to one upstream: one for each, as it remembers what was found out. */
export function createPassing({ version, ...options }: PassingClientOptions & { version: string }): Passing {
  const client = createPassingClient(options);
  return { client, isAnthropic: isAnthropic(options.baseUrl), version, lacksCount: false };
}

/**
 * Begins to pass a messages request on. Throws ApiError 401 if the client's own credential is missing. The bytes of an
 * answer are not looked through for our keys.
 */
export function openPassThrough(deps: PassDependencies, passed: PassCall): RelayedAnswer {
  // Functions created here live as long as the answer: none may hold `passed`, which holds the conversation.
  const { exchange, signal, route, modelSetting } = passed;
  const head = buildPassedHead(deps, passed);
  exchange.fields.protocol = "anthropic";
  const call = createCall(signal, deps.running);
  // Tied to the exchange, because the answer may never begin.
  exchange.onEnd(call.end);
  const recorder = deps.logger.isDebug ? createRecorder(head.redact) : null;
  const opened = Promise.withResolvers<void>();
  const reader = new PassReader({
    begin: createBeginning(deps, passed, { head, controller: call.controller, onHead: opened.resolve }),
    pickHeaders: createHeaderPicker(deps.settings.passesClientKey),
    opened: opened.promise,
    onBytes: recorder?.add ?? null,
  });
  const toApiError = createPassExplainer(deps, { exchange, route, modelSetting, clientSignal: signal });
  const finish = createPassAccountant(deps, { exchange, reader, call, recorded: recorder?.text ?? null });
  const fail = (thrown: unknown): ApiError => {
    const error = toApiError(thrown);
    finish(signal.aborted ? { kind: "client-gone" } : { kind: "failed", error });
    return error;
  };
  return { reader, toApiError, finish, fail };
}

interface Beginning extends Pick<PassingCall, "controller"> {
  head: PassedHead;
  onHead: () => void;
}

/** Only the function that is returned holds the conversation. */
function createBeginning(
  deps: PassDependencies,
  passed: PassCall,
  { head, controller, onHead }: Beginning,
): () => Promise<BegunAnswer> {
  const { budget, exchange } = passed;
  const send = async (faults: ReadonlySet<ThinkingFault>) => {
    const { bytes, repairs } = await buildPassedBody(deps, passed, { faults, isCount: false });
    exchange.fields.repairs = repairs;
    noteSent(deps, passed, bytes);
    const response = await head.send(deps.passing.client, {
      path: "/messages",
      body: bytes,
      budget,
      controller,
    });
    exchange.fields.upstreamRequestId = response.headers.get("request-id");
    onHead();
    return response;
  };
  return () => beginPassed({ send, budget, redact: head.redact });
}

function noteSent({ logger }: PassDependencies, { exchange }: PassedCount, bytes: Uint8Array): void {
  if (logger.isDebug)
    logger.debugBody(exchange.requestId, "upstream-request", parseJson(new TextDecoder().decode(bytes)));
}

function createHeaderPicker(isOwnAccount: boolean): (headers: Headers) => Record<string, string> {
  return (headers) => pickPassedHeaders(headers, isOwnAccount);
}

/** Keeps the bytes of an answer for the debug log. */
function createRecorder(redact: (text: string) => string) {
  const pieces: Uint8Array[] = [];
  return {
    add: (bytes: Uint8Array) => {
      pieces.push(bytes);
    },
    text: () => redact(Buffer.concat(pieces).toString()),
  };
}
