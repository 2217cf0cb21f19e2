import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { createLogger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { type ProxyOptions, type RunningProxy, startProxy } from "../../src/server/listen.ts";
import { chunk, stopChunk } from "../support/chunks.ts";
import { type BodyStep, type Reply, sseOf } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { type Answer, readAnswer } from "./answer.ts";

/** Words that must turn up nowhere but in the one header they are for. */
export const canaries = {
  upstreamKey: "sk-canary-upstream-5d41402abc4b2a76",
  clientKey: "canary-client-7d793037a0760186574b",
};

export interface Stage {
  upstream: Upstream;
  proxy: RunningProxy;
  /** Sends a messages request with the client's key and reads the answer to its end. */
  ask(body?: object, init?: { signal?: AbortSignal }): Promise<Answer>;
  /** The same, without reading the answer. Its outcome is the caller's to check. */
  post(
    body: string | Uint8Array<ArrayBuffer> | object,
    init?: { signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response>;
  /** Counts a request that was sent by other means. */
  noteRequest(): void;
  /** The records so far, in the order in which the answers ended; without the neighbour's. */
  records: RequestRecord[];
  /** Waits for the record with this index. */
  record(index: number): Promise<RequestRecord>;
  answers: Answer[];
  /** Requests sent so far. */
  sent(): number;
  /** The healthy stream that runs beside the fault: ends it and gives its answer. */
  endNeighbour(): Promise<Answer>;
  /** Everything that was written down: console, log file. */
  readWritten(): Promise<string>;
  close(): Promise<void>;
}

export interface StageOptions extends Pick<ProxyOptions, "pace" | "limits" | "lingerMs" | "drainMs"> {
  settings?: Partial<Config>;
}

export const neighbourText = "the neighbour has said everything";

/**
 * The real server with the real logger at its most talkative, in front of a scripted upstream, with one healthy
 * stream running beside whatever the test does.
 */
export async function openStage({ settings, ...options }: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-fault-"));
  const upstream = await startUpstream();
  const log = createRecordingLogger(folder);
  const config = createConfig(upstream.baseUrl, folder, settings);
  const proxy = await startProxy({ config, logger: log.logger, version: "0.0.0-test", ...options });
  const answers: Answer[] = [];
  let sent = 0;
  let neighbourAnswer: Promise<Answer> | null = null;

  const post: Stage["post"] = (body, init = {}) =>
    fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", "x-api-key": canaries.clientKey, ...init.headers },
      keepalive: false,
    });
  const neighbour = createNeighbour();
  upstream.reply(neighbour.reply);
  const neighbourResponse = await post({ ...hello, stream: true });
  log.ignoreRequest(neighbourResponse.headers.get("request-id") ?? "");

  return {
    upstream,
    proxy,
    post,
    noteRequest: () => {
      sent += 1;
    },
    ask: async (body = { ...hello, stream: true }, init = {}) => {
      sent += 1;
      const answer = await readAnswer(await post(body, init));
      answers.push(answer);
      return answer;
    },
    records: log.records,
    record: log.record,
    answers,
    sent: () => sent,
    endNeighbour: () => {
      neighbour.end();
      neighbourAnswer ??= readAnswer(neighbourResponse);
      return neighbourAnswer;
    },
    readWritten: async () =>
      log.lines.join("\n") + (await readFile(config.logFilePath, "utf8").catch(() => "")),
    close: async () => {
      neighbour.end();
      proxy.stopNow();
      await upstream.stop();
      log.logger.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createConfig(baseUrl: string, folder: string, settings: Partial<Config> = {}): Config {
  return {
    openaiApiKey: canaries.upstreamKey,
    baseUrl,
    bigModelName: "big-model",
    mediumModelName: "medium-model",
    smallModelName: "small-model",
    upstreamProfile: "generic",
    refererUrl: "https://example.invalid/claude-proxy",
    appName: "claude-proxy",
    host: "127.0.0.1",
    port: 0,
    proxyApiKey: canaries.clientKey,
    maxOutputTokens: 32_000,
    maxConcurrentRequests: 200,
    logLevel: "DEBUG",
    logFilePath: join(folder, "claude-proxy.log"),
    ...settings,
  };
}

/** The real logger; its console lines and records are kept. */
function createRecordingLogger(folder: string) {
  const lines: string[] = [];
  const records: RequestRecord[] = [];
  const ignored = new Set<string>();
  const waiting: { index: number; resolve: (record: RequestRecord) => void }[] = [];
  const logger = createLogger({
    level: "DEBUG",
    logFilePath: join(folder, "claude-proxy.log"),
    secrets: Object.values(canaries),
    writeConsole: (line) => lines.push(line),
  });
  const request = (record: RequestRecord) => {
    logger.request(record);
    if (ignored.has(record.requestId)) return;
    records.push(record);
    for (const { index, resolve } of waiting) if (records.length === index + 1) resolve(record);
  };
  return {
    logger: { ...logger, request },
    lines,
    records,
    ignoreRequest: (requestId: string) => ignored.add(requestId),
    record: (index: number) => {
      const present = records[index];
      if (present !== undefined) return Promise.resolve(present);
      return new Promise<RequestRecord>((resolve) => waiting.push({ index, resolve }));
    },
  };
}

/** A stream that says a little again and again until it may end. */
function createNeighbour(): { reply: Reply; end: () => void } {
  let mayEnd = false;
  const event = (value: object) => new TextEncoder().encode(`data: ${JSON.stringify(value)}\n\n`);
  const body = function* (): Generator<BodyStep> {
    yield event(chunk({ role: "assistant", content: "the neighbour" }));
    while (!mayEnd) {
      yield { waitMs: 20 };
      yield new TextEncoder().encode(": still here\n\n");
    }
    yield event(chunk({ content: " has said everything" }));
    yield event(stopChunk);
    yield new TextEncoder().encode("data: [DONE]\n\n");
  };
  return {
    reply: sseOf(body()),
    end: () => {
      mayEnd = true;
    },
  };
}
