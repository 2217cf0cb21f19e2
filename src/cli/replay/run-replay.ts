import type { LoadConfigOptions } from "../../config/load-config.ts";
import { textOfScalar } from "../../json/json-value.ts";
import { escapeControlCharacters } from "../../logging/escape-control-characters.ts";
import { foldText } from "../../logging/fold-text.ts";
import { createPaint } from "../../logging/paint.ts";
import type { RecordReader } from "../../record/record-reader.ts";
import { CommandError } from "../command-error.ts";
import { formatTime } from "../format-time.ts";
import { explainNoRecord, findRecord, whileReading } from "../read-record.ts";
import type { Terminal } from "../terminal.ts";
import { describeReplay } from "./describe-replay.ts";
import { findReplay, type Replay } from "./find-replay.ts";
import { findRunningProxy, type ReplayProxy, startReplayProxy } from "./find-replay-proxy.ts";
import { sendReplay } from "./send-replay.ts";

export interface ReplayOptions {
  /** The id of a recorded request, how it begins, `last` or `last-error`. */
  readonly id: string;
  /** The models to ask; empty for the one that was asked. */
  readonly models: readonly string[];
  readonly isDryRun: boolean;
  readonly isJson: boolean;
  /** The port that the user names; undefined for that of the settings. */
  readonly port: string | undefined;
  /** Where the settings are, with the port. */
  readonly settings: LoadConfigOptions;
}

/**
 * Sends a recorded request again and shows what differs.
 * @throws CommandError if it cannot be sent, or if an answer failed
 */
export async function runReplay(options: ReplayOptions, terminal: Terminal): Promise<void> {
  const { place, exists, reader } = await findRecord(options.settings);
  if (!exists) throw new CommandError(await explainNoRecord(place), 1);
  try {
    await whileReading(() => replayFrom(reader, options, terminal));
  } finally {
    await reader.close();
  }
}

async function replayFrom(reader: RecordReader, options: ReplayOptions, terminal: Terminal): Promise<void> {
  const replay = await findReplay(reader, options.id);
  const { port, settings } = options;
  const running = await findRunningProxy(settings, reader);
  if (running === null && port !== undefined) {
    throw new CommandError(`No claude-proxy answers at port ${port} of this machine.`, 1);
  }
  const announcement = `${foldText(announce(replay, options, running), terminal.columns, "  ")}\n`;
  if (options.isDryRun) {
    terminal.stdout(announcement);
    return;
  }
  terminal.stderr(announcement);
  await send(replay, options, running ?? (await startReplayProxy(settings)), terminal);
}

async function send(
  replay: Replay,
  { models, isJson }: ReplayOptions,
  proxy: ReplayProxy,
  terminal: Terminal,
): Promise<void> {
  const answers = [];
  try {
    // One after the other: each has the machine and its upstream for itself, as times are compared.
    for (const model of models.length === 0 ? [null] : models) {
      answers.push(await sendReplay(replay, model, proxy));
    }
  } finally {
    await proxy.close();
  }
  const { request, recorded, redactedPlaces } = replay;
  const look = { paint: createPaint(terminal.useColor), columns: terminal.columns };
  const report = { id: request.requestId, time: new Date(request.timeMs), redactedPlaces, recorded, answers };
  terminal.stdout(isJson ? `${JSON.stringify(report, null, 2)}\n` : describeReplay(recorded, answers, look));
  // What failed has been shown.
  if (answers.some(({ error }) => error !== null)) throw new CommandError("", 1);
}

/** Says what will be sent, where, and that it is not free. */
function announce(
  { request, text, body, redactedPlaces }: Replay,
  { models, isDryRun }: ReplayOptions,
  running: ReplayProxy | null,
): string {
  const asked = models.length === 0 ? [textOfScalar(body["model"]) ?? "?"] : models;
  const { inputTokens, cacheReadTokens, cacheWriteTokens, estimatedTokens } = request;
  const prompt =
    inputTokens === null ? estimatedTokens : inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
  const size = `${Buffer.byteLength(text)} bytes${prompt === null ? "" : `, about ${prompt} tokens`}`;
  const times = asked.length === 1 ? "once" : `${asked.length} times`;
  const lines = [
    `${request.requestId} of ${formatTime(new Date(request.timeMs))} (${size}${body["stream"] === true ? ", as a stream" : ""})`,
    `${isDryRun ? "would be" : "is"} sent ${times}, to ${asked.map(escapeControlCharacters).join(", ")}`,
    `through ${running === null ? "a proxy of its own, as none runs" : `the proxy at ${running.url}`}.`,
    "Each answer costs what its upstream takes for it.",
  ];
  if (redactedPlaces > 0) {
    lines.push(
      `The record has left out keys: models read the word [redacted] in ${redactedPlaces === 1 ? "1 place" : `${redactedPlaces} places`}.`,
    );
  }
  return lines.join("\n");
}
