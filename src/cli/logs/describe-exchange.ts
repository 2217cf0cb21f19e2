import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { formatTokens } from "../../logging/format-tokens.ts";
import type { Paint } from "../../logging/paint.ts";
import type { RecordedExchange, RecordedRequest } from "../../record/recorded-request.ts";
import { formatTime } from "../format-time.ts";
import { formatDuration, formatShare } from "../format-units.ts";
import { formatBytes, formatLines } from "./format-body.ts";
import { formatWires } from "./format-wires.ts";
import { joinAnswer } from "./join-stream.ts";
import { findLastQuestion } from "./last-question.ts";

interface ExchangeLook {
  readonly paint: Paint;
  readonly columns: number | null;
}

/** One exchange for a person: its facts, what was said last, and both wires. Ends with a line break. */
export function describeExchange(
  { request, bodies }: RecordedExchange,
  { paint, columns }: ExchangeLook,
): string {
  const indent = " ".repeat(12);
  const facts = listFacts(request).map(([name, value]) =>
    foldText(`${name.padEnd(10)}  ${escapeControlCharacters(value)}`, columns, indent),
  );
  const wires =
    bodies.length === 0
      ? [foldText("Its messages were not kept. RECORD_BODIES=all keeps those of every request.", columns)]
      : [...describeTurn(bodies, { paint, columns }), ...formatWires(bodies, columns)];
  const title = paint("bold", escapeControlCharacters(request.requestId));
  return `${[title, ...facts, "", ...wires].join("\n").trimEnd()}\n`;
}

function listFacts(request: RecordedRequest): [string, string][] {
  const { attempts, changes, prefix, errorType, errorMessage } = request;
  const fact = (name: string, ...values: readonly (string | null)[]): [string, string][] => {
    const known = values.filter((value) => value !== null && value !== "");
    return known.length === 0 ? [] : [[name, known.join(", ")]];
  };
  const target = [request.upstream, request.model].filter((name) => name !== null).join("/");
  return [
    ...fact("when", formatTime(new Date(request.timeMs)), request.path),
    ...fact("status", String(request.status), request.stopReason),
    ...fact(
      "error",
      errorType === null ? null : `${errorType}: ${errorMessage ?? ""}`,
      request.phase,
      request.causeCode,
    ),
    ...fact("asked", request.clientModel, request.kind),
    ...fact("answered", target, request.rule === null ? null : `chosen by ${request.rule}`, request.protocol),
    ...fact("client", request.client),
    ...fact("session", request.sessionId, describeAgent(request)),
    ...fact("time", ...describeTime(request)),
    ...fact("tokens", ...describeTokens(request)),
    ...fact("cost", describeCost(request)),
    ...fact("window", describeWindow(request)),
    ...fact("bytes", describeBytes(request)),
    ...attempts.flatMap(({ upstream, model, key, status, error, ms }, index) =>
      fact(
        `attempt ${index + 1}`,
        `${upstream}/${model}`,
        key === null ? null : `key ${key}`,
        status === null ? null : String(status),
        error,
        formatDuration(ms),
      ),
    ),
    ...fact("dropped", ...changes.dropped),
    ...fact("repaired", ...changes.repairs),
    ...fact("warned", ...changes.warnings),
    ...fact("prefix", prefix === null ? null : describePrefix(prefix)),
    ...fact("upstream id", request.upstreamRequestId),
  ];
}

function describeAgent({ agentId, agentType, parentAgentId }: RecordedRequest): string | null {
  if (agentId === null && agentType === null) return null;
  const names = [agentType, agentId].filter((name) => name !== null).join(" ");
  return `agent ${names}${parentAgentId === null ? "" : ` of ${parentAgentId}`}`;
}

function describeTime({ durationMs, firstByteMs, tokensPerSecond }: RecordedRequest): string[] {
  return [
    formatDuration(durationMs),
    ...(firstByteMs === null ? [] : [`first byte after ${formatDuration(firstByteMs)}`]),
    ...(tokensPerSecond === null ? [] : [`${Math.round(tokensPerSecond)} tokens a second`]),
  ];
}

function promptOf({ inputTokens, cacheReadTokens, cacheWriteTokens }: RecordedRequest): number | null {
  return inputTokens === null ? null : inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
}

function describeTokens(request: RecordedRequest): string[] {
  const prompt = promptOf(request);
  const { outputTokens, cacheReadTokens, cacheWriteTokens, thinkingTokens, estimatedTokens } = request;
  if (prompt === null && estimatedTokens === null) return [];
  return [
    ...(prompt === null
      ? []
      : [`${formatTokens(prompt)} in${request.usageEstimated ? " by our own count" : ""}`]),
    ...(cacheReadTokens ? [`${formatShare(cacheReadTokens, prompt ?? 0)} from the cache`] : []),
    ...(cacheWriteTokens ? [`${formatTokens(cacheWriteTokens)} written to it`] : []),
    ...(outputTokens === null ? [] : [`${formatTokens(outputTokens)} out`]),
    ...(thinkingTokens ? [`${formatTokens(thinkingTokens)} of them thinking`] : []),
    ...(estimatedTokens === null ? [] : [`estimated as ${formatTokens(estimatedTokens)}`]),
  ];
}

/** To the last digit, as it was counted. */
function describeCost({ costUsd, costSource, outputTokens }: RecordedRequest): string | null {
  if (costUsd === null)
    return outputTokens === null ? null : "not known: config.yaml has no price of the model";
  const digits = costUsd
    .toFixed(12)
    .replace(/0+$/, "")
    .replace(/\.$/, ".00")
    .replace(/(\.\d)$/, "$10");
  return `$${digits} ${costSource === "upstream" ? "by the upstream's own figure" : "by its price"}`;
}

function describeWindow(request: RecordedRequest): string | null {
  const [prompt, { window, outputTokens }] = [promptOf(request), request];
  if (window === null || prompt === null) return null;
  const used = prompt + (outputTokens ?? 0);
  return `${formatTokens(used)} of ${formatTokens(window)} (${formatShare(used, window)})`;
}

function describeBytes({ requestBytes, sentBytes, receivedBytes, answerBytes }: RecordedRequest): string {
  const asked = [requestBytes, sentBytes].map((bytes) => (bytes === null ? "-" : formatBytes(bytes)));
  return `asked ${asked.join(" → ")}, answered ${formatBytes(receivedBytes)} → ${formatBytes(answerBytes)}`;
}

function describePrefix({ sameBytes, previousBytes, place }: NonNullable<RecordedRequest["prefix"]>): string {
  if (place === null) return "goes on from the request before, as a cache needs it";
  return `differs from the request before at ${place}, after ${formatBytes(sameBytes)} of ${formatBytes(previousBytes)}`;
}

function describeTurn(bodies: RecordedExchange["bodies"], { paint, columns }: ExchangeLook): string[] {
  const textOf = (name: string) => bodies.find((body) => body.name === name)?.text ?? "";
  const question = findLastQuestion(textOf("client-request"));
  const answer = joinAnswer(textOf("client-response"));
  const fold = (text: string) => formatLines(text).map((line) => foldText(line, columns));
  return [
    ...(question === null ? [] : [paint("bold", "Asked:"), ...fold(question), ""]),
    ...(answer.length === 0 ? [] : [paint("bold", "Answered:")]),
    ...answer.flatMap(({ kind, name, text }) => [
      ...(kind === "text"
        ? []
        : [escapeControlCharacters(name === null ? `[${kind}]` : `[${kind}: ${name}]`)]),
      ...fold(text),
    ]),
    ...(answer.length === 0 ? [] : [""]),
  ];
}
