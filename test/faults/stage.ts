import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { createLogger, type Logger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import { type ProxyOptions, type RunningProxy, startProxy } from "../../src/server/start-proxy.ts";
import { createTestConfig } from "../support/test-config.ts";
import { startUpstream } from "../support/upstream.ts";
import { chatWire, type Wire } from "../support/wires.ts";
import type { CheckedScene } from "./invariants.ts";
import { canaries, openScene } from "./scene.ts";

export interface Stage extends CheckedScene {
  proxy: RunningProxy;
  /** The records so far, in the order in which the answers ended; without the neighbour's. */
  records: RequestRecord[];
  /** Waits for the record with this index. */
  record(index: number): Promise<RequestRecord>;
  close(): Promise<void>;
}

export interface StageOptions
  extends Pick<ProxyOptions, "pace" | "limits" | "uploads" | "lingerMs" | "drainMs" | "lastWordMs"> {
  settings?: Partial<Config>;
  /** On which the upstream is asked; default Chat Completions. */
  wire?: Wire;
}

/**
 * The real server with the real logger at its most talkative, in front of a scripted upstream, with one healthy
 * stream running beside whatever the test does; without that where the settings name another upstream.
 */
export async function openStage({
  settings,
  wire = chatWire,
  ...options
}: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-fault-"));
  const upstream = await startUpstream();
  const log = createRecordingLogger(folder);
  const config = createConfig(upstream.baseUrl, folder, { ...wire.settings, ...settings });
  const proxy = await startProxy({ config, logger: log.logger, version: "0.0.0-test", ...options });
  const scene = await openScene(proxy.url, upstream, config.baseUrl === upstream.baseUrl, wire);
  log.ignore(scene.isNeighbour);

  return {
    ...scene,
    proxy,
    records: log.records,
    record: log.record,
    readRecords: async () => {
      if (scene.sent() > 0) await log.record(scene.sent() - 1);
      return log.records;
    },
    readWritten: async () =>
      log.lines.join("\n") + (await readFile(config.logFilePath, "utf8").catch(() => "")),
    close: async () => {
      void scene.endNeighbour().catch(() => null);
      await proxy.stopNow();
      await upstream.stop();
      log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function createConfig(baseUrl: string, folder: string, settings: Partial<Config> = {}): Config {
  return createTestConfig({
    baseUrl,
    openaiApiKey: canaries.upstreamKey,
    proxyApiKey: canaries.clientKey,
    logLevel: "DEBUG",
    logFilePath: join(folder, "claude-proxy.log"),
    ...settings,
  });
}

/** The real logger; its console lines and records are kept. */
function createRecordingLogger(folder: string) {
  const lines: string[] = [];
  const records: RequestRecord[] = [];
  let isIgnored = (_requestId: string) => false;
  const waiting: { index: number; resolve: (record: RequestRecord) => void }[] = [];
  const logger = createLogger({
    level: "DEBUG",
    logFilePath: join(folder, "claude-proxy.log"),
    secrets: Object.values(canaries),
    writeConsole: (line) => lines.push(line),
  });
  let isClosed = false;
  // What was learned of token counts is written later, and said to be lost: that would make the folder anew.
  const warn: Logger["warn"] = (...words) => {
    if (!isClosed) logger.warn(...words);
  };
  const request = (record: RequestRecord) => {
    if (isClosed) return;
    logger.request(record);
    if (isIgnored(record.requestId)) return;
    records.push(record);
    for (const { index, resolve } of waiting) if (records.length === index + 1) resolve(record);
  };
  return {
    logger: { ...logger, request, warn },
    close: () => {
      isClosed = true;
      logger.close();
    },
    lines,
    records,
    ignore: (next: (requestId: string) => boolean) => {
      isIgnored = next;
    },
    record: (index: number) => {
      const present = records[index];
      if (present !== undefined) return Promise.resolve(present);
      return new Promise<RequestRecord>((resolve) => waiting.push({ index, resolve }));
    },
  };
}
