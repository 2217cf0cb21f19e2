import type {
  ListedRequest,
  RecordedSession,
  SessionAgent,
  UsageGroup,
  UsageSum,
} from "../../../record/record-reader.ts";
import type {
  PrefixBreak,
  RecordedBody,
  RecordedChanges,
  RecordedHead,
  RecordedRequest,
  WireName,
} from "../../../record/recorded-request.ts";
import type {
  BudgetState,
  ErrorAnswer,
  ExchangeAnswer,
  NowAnswer,
  RequestsAnswer,
  RunningRequest,
  SessionsAnswer,
  TargetHealth,
  UpstreamsAnswer,
  UsageAnswer,
} from "../../dashboard-api.ts";
import {
  type Check,
  isFlag,
  isNumber,
  isObject,
  isText,
  listOf,
  nullable,
  objectOf,
  oneOf,
} from "./check.ts";
import { isRecorderState } from "./is-recorder-state.ts";

const isTextOrNull = nullable(isText);
const isNumberOrNull = nullable(isNumber);

const requestMembers: { readonly [Name in keyof RecordedRequest]-?: Check<RecordedRequest[Name]> } = {
  requestId: isText,
  timeMs: isNumber,
  path: isText,
  client: isTextOrNull,
  sessionId: isTextOrNull,
  agentId: isTextOrNull,
  parentAgentId: isTextOrNull,
  agentType: isTextOrNull,
  kind: isTextOrNull,
  clientModel: isTextOrNull,
  rule: isTextOrNull,
  upstream: isTextOrNull,
  model: isTextOrNull,
  family: isTextOrNull,
  protocol: isTextOrNull,
  stream: nullable(isFlag),
  status: isNumber,
  stopReason: isTextOrNull,
  inputTokens: isNumberOrNull,
  outputTokens: isNumberOrNull,
  cacheReadTokens: isNumberOrNull,
  cacheWriteTokens: isNumberOrNull,
  thinkingTokens: isNumberOrNull,
  usageEstimated: isFlag,
  estimatedTokens: isNumberOrNull,
  estimateErrorPercent: isNumberOrNull,
  window: isNumberOrNull,
  requestBytes: isNumberOrNull,
  sentBytes: isNumberOrNull,
  receivedBytes: isNumber,
  answerBytes: isNumber,
  firstByteMs: isNumberOrNull,
  durationMs: isNumber,
  tokensPerSecond: isNumberOrNull,
  costUsd: isNumberOrNull,
  costSource: nullable(oneOf(["upstream", "price"])),
  sends: isNumber,
  attempts: listOf(
    objectOf<RecordedRequest["attempts"][number]>({
      upstream: isText,
      model: isText,
      key: isNumberOrNull,
      status: isNumberOrNull,
      error: isTextOrNull,
      ms: isNumber,
    }),
  ),
  changes: objectOf<RecordedChanges>({
    dropped: listOf(isText),
    repairs: listOf(isText),
    warnings: listOf(isText),
  }),
  errorType: isTextOrNull,
  errorMessage: isTextOrNull,
  phase: isTextOrNull,
  causeCode: isTextOrNull,
  upstreamRequestId: isTextOrNull,
  prefix: nullable(
    objectOf<PrefixBreak>({ sameBytes: isNumber, previousBytes: isNumber, place: isTextOrNull }),
  ),
};

const isTextMap = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every(isText);

const isWireName = oneOf<WireName>([
  "client-request",
  "upstream-request",
  "upstream-response",
  "client-response",
]);

const isUsageGroup = oneOf<UsageGroup>([
  "day",
  "week",
  "month",
  "model",
  "upstream",
  "client",
  "session",
  "kind",
]);

const isUsageSum = objectOf<UsageSum>({
  key: isTextOrNull,
  requests: isNumber,
  errors: isNumber,
  promptTokens: isNumber,
  outputTokens: isNumber,
  cacheReadTokens: isNumber,
  cacheWriteTokens: isNumber,
  thinkingTokens: isNumber,
  costUsd: isNumber,
  unknownCosts: isNumber,
  medianFirstByteMs: isNumberOrNull,
  worstFirstByteMs: isNumberOrNull,
  firstMs: isNumber,
  lastMs: isNumber,
});

export const isRequestsAnswer = objectOf<RequestsAnswer>({
  requests: listOf(objectOf<ListedRequest>({ ...requestMembers, seq: isNumber, hasBodies: isFlag })),
  note: isTextOrNull,
});

export const isExchangeAnswer = objectOf<ExchangeAnswer>({
  request: objectOf<RecordedRequest>(requestMembers),
  bodies: listOf(
    objectOf<RecordedBody>({
      name: isWireName,
      send: isNumber,
      head: nullable(objectOf<RecordedHead>({ url: isText, headers: isTextMap })),
      text: isText,
      bytes: isNumber,
      isCut: isFlag,
    }),
  ),
  curl: isTextOrNull,
  clientCurl: isTextOrNull,
  replay: isText,
});

export const isNowAnswer = objectOf<NowAnswer>({
  version: isText,
  nowMs: isNumber,
  record: nullable(isRecorderState),
  recordBodies: oneOf(["off", "errors", "all"]),
  running: listOf(
    objectOf<RunningRequest>({
      requestId: isText,
      client: isTextOrNull,
      sessionId: isTextOrNull,
      agentType: isTextOrNull,
      kind: isTextOrNull,
      clientModel: isTextOrNull,
      upstream: isTextOrNull,
      model: isTextOrNull,
      elapsedMs: isNumber,
      firstByteMs: isNumberOrNull,
      answerBytes: isNumber,
    }),
  ),
  budgets: listOf(
    objectOf<BudgetState>({ name: isText, spentUsd: isNumber, limitUsd: isNumber, endsMs: isNumberOrNull }),
  ),
});

export const isUsageAnswer = objectOf<UsageAnswer>({
  by: isUsageGroup,
  sums: listOf(isUsageSum),
  note: isTextOrNull,
});

export const isSessionsAnswer = objectOf<SessionsAnswer>({
  note: isTextOrNull,
  sessions: listOf(
    objectOf<RecordedSession>({
      sessionId: isText,
      client: isTextOrNull,
      agents: listOf(
        objectOf<SessionAgent>({
          agentId: isTextOrNull,
          parentAgentId: isTextOrNull,
          agentType: isTextOrNull,
          requests: isNumber,
          errors: isNumber,
          costUsd: isNumber,
          unknownCosts: isNumber,
          firstMs: isNumber,
          lastMs: isNumber,
          model: isTextOrNull,
          contextTokens: isNumberOrNull,
          window: isNumberOrNull,
        }),
      ),
      sum: isUsageSum,
    }),
  ),
});

export const isUpstreamsAnswer = objectOf<UpstreamsAnswer>({
  upstreams: listOf(
    objectOf<UpstreamsAnswer["upstreams"][number]>({
      name: isText,
      address: isText,
      protocol: isText,
      keys: isNumber,
    }),
  ),
  health: listOf(
    objectOf<TargetHealth>({
      name: isText,
      isHealthy: isFlag,
      restsMs: isNumberOrNull,
      reason: isTextOrNull,
    }),
  ),
  learned: listOf(objectOf<UpstreamsAnswer["learned"][number]>({ target: isText, text: isText })),
});

export const isErrorAnswer = objectOf<ErrorAnswer>({
  type: oneOf(["error"]),
  error: objectOf<ErrorAnswer["error"]>({ type: isText, message: isText }),
});
