import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCurrentPlace } from "../../config/current-place.ts";
import { startDemonstrationUpstream } from "../../demo/demonstration-upstream.ts";
import { createPaint } from "../../logging/paint.ts";
import { ListenError } from "../../server/listen-error.ts";
import type { RunningProxy } from "../../server/start-proxy.ts";
import { CommandError } from "../command-error.ts";
import { explainListenError } from "../explain-listen-error.ts";
import { serveUntilSignal } from "../serve-until-signal.ts";
import type { Terminal } from "../terminal.ts";
import { isBuilt } from "../version.ts";
import { explainExchange, introduce, inviteClient } from "./demo-texts.ts";
import { describeRequest } from "./describe-request.ts";
import { describeStreamEvent, describeUpstreamTraffic } from "./describe-traffic.ts";
import { createHeldLog, type HeldLog } from "./held-log.ts";
import { demonstrationRequest, sendDemonstrationRequest } from "./send-demonstration-request.ts";
import {
  type DemonstrationProxyOptions,
  startDemonstrationProxy,
  usualPort,
} from "./start-demonstration-proxy.ts";
import { type DemonstrationProtocol, upstreamWords } from "./upstream-words.ts";
import { createWireDrawing, type WireDrawing } from "./wire-drawing.ts";

export interface DemoOptions {
  /** Ends after the first exchange instead of continuing to serve. */
  once: boolean;
  /** The proxy's port; null takes the usual one, or a free one if that is taken. */
  port: number | null;
  /** The wire between the proxy and the upstream. */
  protocol: DemonstrationProtocol;
  version: string;
}

/** A clone has no program of that name yet. */
const serveCommand = isBuilt ? "claude-proxy serve" : "npm start";

/** Slow enough for the eye to follow, fast enough to finish in two seconds. */
const paceMs = 60;

/**
 * Shows one request on its way through the proxy to an upstream without a model, then keeps serving until a signal.
 * Throws CommandError if the port cannot be taken or the exchange fails.
 */
export async function runDemo(
  { once, port, protocol, version }: DemoOptions,
  terminal: Terminal,
): Promise<void> {
  const words = upstreamWords[protocol];
  const paint = createPaint(terminal.useColor);
  const look = { paint, columns: terminal.columns ?? 80 };
  const drawing = createWireDrawing({ ...look, write: terminal.stdout });
  const log = createHeldLog(terminal);
  let pieces = 0;
  const upstream = startDemonstrationUpstream({
    paceMs,
    onTraffic(traffic) {
      // The first exchange is the demo's own; the log reports those of clients.
      if (traffic.exchange > 1) return;
      if ("data" in traffic) pieces++;
      drawing.add("upstream", describeUpstreamTraffic(traffic));
    },
  });
  // Created by the first writer, so that a closed terminal mostly leaves nothing behind.
  const folder = join(tmpdir(), `claude-proxy-demo-${crypto.randomUUID()}`);
  try {
    const proxy = await start({
      upstreamUrl: upstream.url,
      protocol,
      port,
      folder,
      logger: log.logger,
      version,
    });
    terminal.stdout(introduce(look));
    drawing.head({
      client: ["CLIENT'S WIRE: Anthropic Messages API", `client ⇄ claude-proxy, port ${proxy.port}`],
      upstream: [`UPSTREAM'S WIRE: ${words.heading}`, `claude-proxy ⇄ upstream, port ${upstream.port}`],
    });
    // Listens from the start, so that an interrupted drawing is cleaned up as well.
    let isInterrupted = false;
    const stopped = serveUntilSignal(proxy, () => {
      isInterrupted = true;
    });
    const events = await passRequest(proxy, drawing, log);
    terminal.stdout(explainExchange({ pieces, events }, words, log.lines, look));
    log.release();
    if (once) {
      await proxy.stop();
      return;
    }
    if (!isInterrupted) {
      const takenPort = port === null && proxy.port !== usualPort ? usualPort : null;
      const { platform, env } = getCurrentPlace();
      const invitation = { proxyUrl: proxy.url, takenPort, platform, env, serveCommand };
      terminal.stdout(inviteClient(invitation, look));
    }
    await stopped;
  } finally {
    await upstream.stop();
    log.logger.close();
    await removeFolder(folder);
  }
}

/** Removes it, if it is there: where nothing can be written, as in a container, removing what is not there fails. */
async function removeFolder(path: string): Promise<void> {
  if (existsSync(path)) await rm(path, { recursive: true, force: true });
}

/** Throws CommandError with the reason if the port cannot be taken. */
async function start(options: DemonstrationProxyOptions): Promise<RunningProxy> {
  try {
    return await startDemonstrationProxy(options);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const wanted = { host: "127.0.0.1", port: options.port ?? usualPort };
    throw new CommandError(await explainListenError(error, wanted), 1, { cause: error });
  }
}

/**
 * Sends the demo's request and draws the client's wire. Returns the number of events. Throws CommandError, with the
 * proxy stopped, if the exchange fails.
 */
async function passRequest(proxy: RunningProxy, drawing: WireDrawing, log: HeldLog): Promise<number> {
  let events = 0;
  try {
    drawing.add("client", describeRequest("/v1/messages", demonstrationRequest));
    for await (const event of sendDemonstrationRequest(proxy.url)) {
      events++;
      drawing.add("client", describeStreamEvent(event));
    }
    return events;
  } catch (error) {
    await proxy.stopNow();
    const reason = error instanceof Error ? error.message : String(error);
    const lines = ["The demo failed.", reason, "", "The proxy's log:", ...log.lines];
    throw new CommandError(lines.join("\n"), 1, { cause: error });
  } finally {
    drawing.end();
  }
}
