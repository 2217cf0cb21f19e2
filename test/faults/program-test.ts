import { expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream } from "../support/upstream.ts";
import { chatWire, type Wire } from "../support/wires.ts";
import { type CheckedScene, checkInvariants, type NotedRequest } from "./invariants.ts";
import { canaries, openScene } from "./scene.ts";

export interface ProgramStage extends CheckedScene {
  program: RunningProgram;
  /** Its records of requests, once there are so many; without the neighbour's. */
  requestRecords(count: number): Promise<Record<string, unknown>[]>;
}

export interface ProgramTestOptions {
  /** Of the environment; the level of the log is DEBUG unless they say otherwise. */
  settings?: Readonly<Record<string, string>>;
  /** On which the upstream is asked; default Chat Completions. */
  wire?: Wire;
  /** The base URL, where it is not the scripted upstream's. There is no neighbour then. */
  elsewhere?: string;
  /** The test ends the program; its exit code must be 0. */
  ends?: boolean;
  losesRecords?: boolean;
  timeLimitMs?: number;
  /** The test mostly waits: it runs beside the others of its kind. */
  waits?: boolean;
}

/** What may stand on stderr: what is said of a signal, and what Bun says by itself of a body it cannot decode. */
const knownWords = /^(Stopping when the running requests have ended\. .*|Decompression error: ZlibError)$/;

/**
 * Registers a test of one row of the fault matrix against the real program as a process of its own, with a healthy
 * stream beside the fault; afterwards the invariants of every row are checked.
 */
export function programTest(
  name: string,
  play: (stage: ProgramStage) => Promise<void>,
  options: ProgramTestOptions = {},
): void {
  const register = options.waits === true ? test.concurrent : test;
  register(name, () => playProgram(play, options), options.timeLimitMs ?? 30_000);
}

/** How many files of this kind the program has open, or of any kind; Linux only. */
export function countDescriptors({ pid }: RunningProgram, kind: "socket" | "" = ""): number {
  const folder = `/proc/${pid}/fd`;
  const kinds = readdirSync(folder).map((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return "closed meanwhile";
    }
  });
  return kinds.filter((target) => target.startsWith(kind)).length;
}

/** The same inside of a test that has to make something ready first. */
export async function playProgram(
  play: (stage: ProgramStage) => Promise<void>,
  { settings = {}, wire = chatWire, elsewhere, ends = false, losesRecords = false }: ProgramTestOptions,
): Promise<void> {
  const upstream = await startUpstream();
  await using program = await startProgram(elsewhere ?? upstream.baseUrl, {
    OPENAI_API_KEY: canaries.upstreamKey,
    PROXY_API_KEY: canaries.clientKey,
    LOG_LEVEL: "DEBUG",
    ...wire.environment,
    ...settings,
  });
  const scene = await openScene(program.url, upstream, elsewhere === undefined, wire);
  const requestRecords = (count: number) => readRecords(program, count, scene.isNeighbour);
  const stage: ProgramStage = {
    ...scene,
    program,
    requestRecords,
    readRecords: (): Promise<NotedRequest[]> => requestRecords(scene.sent()),
    readWritten: async () => program.output() + readFileSync(program.logFile, "utf8"),
  };
  try {
    await play(stage);
    if (!ends) expect(program.exitCode()).toBeNull();
    await checkInvariants(stage, { hasEnded: ends, losesRecords });
    // 1: it runs, or it ended as it was told to; nothing went unseen.
    if (ends) expect(await program.exited).toBe(0);
    else expect(program.exitCode()).toBeNull();
    const words = program.errorOutput().split("\n");
    expect(words.filter((line) => line !== "" && !knownWords.test(line))).toEqual([]);
  } finally {
    await upstream.stop();
  }
}

/** They are written at the end of a turn, behind the answers. */
async function readRecords(
  program: RunningProgram,
  count: number,
  isNeighbour: (requestId: string) => boolean,
): Promise<Record<string, unknown>[]> {
  const read = () =>
    program
      .records()
      // `/` is asked by other programs that find the port taken.
      .filter(({ event, path }) => event === "request" && path !== "/")
      .filter(({ requestId }) => !isNeighbour(String(requestId)));
  for (let tries = 0; tries < 200 && read().length < count; tries += 1) await Bun.sleep(10);
  return read();
}
