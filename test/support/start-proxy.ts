import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import type { Logger } from "../../src/logging/logger.ts";
import type { RequestRecord } from "../../src/logging/request-record.ts";
import type { AnyProtocol } from "../../src/protocols/protocol.ts";
import { type ProxyOptions, startProxy } from "../../src/server/start-proxy.ts";
import { collectRecords } from "./collect-records.ts";
import { createTestConfig } from "./test-config.ts";

export interface TestProxy {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  /** The request records, in the order in which the answers ended. */
  records: RequestRecord[];
  /** The record with this index, as soon as it is written. */
  record(index: number): Promise<RequestRecord>;
  /** Warnings and errors that were logged. */
  complaints: string[];
  /** Everything else that was logged. */
  notes: string[];
  /** Brings another configuration into force: that of the start with these changes. */
  reconfigure(changes: Partial<Config>): Promise<void>;
  stop(): Promise<void>;
}

export interface TestProxyOptions
  extends Pick<
    ProxyOptions,
    | "pace"
    | "limits"
    | "uploads"
    | "lingerMs"
    | "drainMs"
    | "lastWordMs"
    | "quietMs"
    | "protocols"
    | "asksForModels"
    | "configState"
    | "watching"
  > {
  /** Used for every wire. */
  protocol?: AnyProtocol;
  settings?: Partial<Config>;
}

/** Starts the real server in this process, on a free port, in front of the upstream at `baseUrl`. */
export async function startTestProxy(baseUrl: string, options: TestProxyOptions = {}): Promise<TestProxy> {
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-test-"));
  const { settings, protocol, ...rest } = options;
  const config = createTestConfig({ baseUrl, logFilePath: join(folder, "claude-proxy.log"), ...settings });
  const log = createCollectingLogger();
  const proxy = await startProxy({
    config,
    logger: log.logger,
    version: "0.0.0-test",
    // Tests count the requests that reach an upstream.
    asksForModels: false,
    ...loadersOf(protocol),
    ...rest,
  });
  return {
    url: proxy.url,
    port: proxy.port,
    records: log.records,
    record: log.record,
    complaints: log.complaints,
    notes: log.notes,
    reconfigure: (changes) => proxy.reconfigure({ ...config, ...changes }),
    stop: async () => {
      await proxy.stopNow();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function loadersOf(protocol: AnyProtocol | undefined): Pick<ProxyOptions, "protocols"> {
  if (protocol === undefined) return {};
  const load = async () => protocol;
  return { protocols: { chat: load, responses: load } };
}

function createCollectingLogger() {
  const notes: string[] = [];
  const complaints: string[] = [];
  const { records, add, record } = collectRecords();
  const complain = (event: string, fields: Record<string, unknown> = {}) => {
    complaints.push(`${event} ${JSON.stringify(fields)}`);
  };
  const logger: Logger = {
    isDebug: false,
    info: (event, fields = {}) => notes.push(`${event} ${JSON.stringify(fields)}`),
    warn: complain,
    error: complain,
    debugBody: () => {},
    request: add,
    close: () => {},
  };
  return { logger, records, complaints, notes, record };
}
