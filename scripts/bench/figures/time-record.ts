import type { Server } from "../servers/spawn-server.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure, type Target } from "./figure.ts";

/** Arguments of a command, and in how many milliseconds it has to be done. */
export type TimedCommand = readonly [words: string, atMostMs: number | null];

/** What the page asks for, the path of that question, and in how many milliseconds it has to be answered. */
export type TimedAnswer = readonly [name: string, path: string, atMostMs: number | null];

/** The page's list with a filter. */
export function timedList(filter: string, atMostMs: number | null): TimedAnswer {
  return [`the list by "${filter}"`, `requests?limit=100&filter=${encodeURIComponent(filter)}`, atMostMs];
}

/** How long the compiled program's commands take with the record that this environment names. */
export async function timeCommands(
  { program, core, pairs }: BenchContext,
  title: string,
  commands: readonly TimedCommand[],
  env: Record<string, string>,
): Promise<Figure[]> {
  const times = new Map<string, number[]>(commands.map(([words]) => [words, []]));
  for (let round = -1; round < 2 * pairs; round++) {
    for (const [words] of commands) {
      const startMs = performance.now();
      const child = Bun.spawn(["taskset", "-c", String(core), program, ...words.split(" ")], {
        stdio: [new Blob(['{"session_id":"bench"}']), "ignore", "inherit"],
        env: { PATH: process.env["PATH"], HOME: env["XDG_STATE_HOME"], ...env },
      });
      if ((await child.exited) !== 0) throw new Error(`claude-proxy ${words} failed`);
      if (round >= 0) times.get(words)?.push(performance.now() - startMs);
    }
  }
  return commands.map(([words, atMostMs]) =>
    plainFigure(`${title}: claude-proxy ${words}`, "ms", times.get(words) ?? [], limit(atMostMs)),
  );
}

/** What the page asks the server, which has been asked before. */
export async function timeAnswers(
  context: BenchContext,
  title: string,
  asked: readonly TimedAnswer[],
  env: Record<string, string>,
): Promise<Figure[]> {
  await using proxy = await context.startFreshProxy(env);
  const times = new Map<string, number[]>(asked.map(([name]) => [name, []]));
  for (let round = -1; round < 2 * context.pairs; round++) {
    for (const [name, path] of asked) {
      const ms = await timeAnswer(proxy, path);
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  return asked.map(([name, , atMostMs]) =>
    plainFigure(`${title}: the page asks for ${name}`, "ms", times.get(name) ?? [], limit(atMostMs)),
  );
}

async function timeAnswer({ port }: Server, path: string): Promise<number> {
  const startMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/dashboard/api/${path}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return performance.now() - startMs;
}

function limit(atMost: number | null): Target | null {
  return atMost === null ? null : { atMost };
}
