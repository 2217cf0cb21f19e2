import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../test/dashboard/support/browser.ts";
import { fillRecord } from "../record/fill-record.ts";
import type { Server } from "../servers/spawn-server.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure, type Target } from "./figure.ts";

const requests = 100_000;
const title = `A record of ${requests.toLocaleString("en-US")} requests`;

/** Arguments of a command, and in how many milliseconds it has to be done. */
const commands: readonly (readonly [string, number | null])[] = [
  ["--version", null],
  ["usage", 150],
  ["usage --by model", 150],
  ["usage --since 30d", 150],
  ["usage --by model --since 30d", null],
  ["logs", null],
  ["logs nope", null],
  ["statusline", null],
];

/** Filters of each kind; those that match nothing have to look at every request. */
const filters = [
  "",
  "nope",
  "error:nope",
  "model:*nope*",
  "cost:>1000",
  "is:error",
  "-client:ci is:changed",
  "session:nope",
];

/** How the proxy and its commands deal with a record of two weeks of many people's work, without bodies. */
export async function measureRecord(context: BenchContext): Promise<Figure[]> {
  console.error(title);
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "claude-proxy-bench-record-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "claude-proxy", "record.sqlite");
  await mkdir(dirname(path));
  fillRecord(path, requests);
  const env = { XDG_STATE_HOME: folder };
  return [
    plainFigure(`${title}: its file`, "MB", [Bun.file(path).size / 1e6], { atMost: 60 }),
    ...(await timeCommands(context, env)),
    ...(await timeAnswers(context, env)),
    ...(await timePage(context, env)),
  ];
}

async function timeCommands({ program, core, pairs }: BenchContext, env: Record<string, string>) {
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
  return commands.map(([words, atMost]) =>
    plainFigure(`${title}: claude-proxy ${words}`, "ms", times.get(words) ?? [], limit(atMost)),
  );
}

/** What the page asks the server, which has been asked before. */
async function timeAnswers(context: BenchContext, env: Record<string, string>): Promise<Figure[]> {
  await using proxy = await context.startFreshProxy(env);
  const list = (filter: string) => `requests?limit=100&filter=${encodeURIComponent(filter)}`;
  const asked = [
    ...filters.map((filter) => [`the list by "${filter}"`, list(filter), 100] as const),
    ["50 sessions", "sessions?limit=50", null] as const,
    ["usage by day", "usage?by=day", null] as const,
  ];
  const times = new Map<string, number[]>(asked.map(([name]) => [name, []]));
  for (let round = -1; round < 2 * context.pairs; round++) {
    for (const [name, path] of asked) {
      const ms = await timeAnswer(proxy, path);
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  return asked.map(([name, , atMost]) =>
    plainFigure(`${title}: the page asks for ${name}`, "ms", times.get(name) ?? [], limit(atMost)),
  );
}

async function timeAnswer({ port }: Server, path: string): Promise<number> {
  const startMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/dashboard/api/${path}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return performance.now() - startMs;
}

/** A new window of Chromium is busy with itself, and shares its core with the page. */
const windowRestMs = 1500;

/**
 * From the navigation to the first row in Chromium at rest, before a proxy that nobody has asked yet. Playwright's own
 * waiting would run beside the page, so only the page itself looks.
 */
async function timePage(context: BenchContext, env: Record<string, string>): Promise<Figure[]> {
  if (chromiumPath === null) {
    console.error("Chromium is not installed: the page is not measured.");
    return [];
  }
  await using browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  const times: number[] = [];
  for (let run = -1; run < context.pairs; run++) {
    await using proxy = await context.startFreshProxy(env);
    const page = await browser.newPage();
    await page.addInitScript(noteFirstRow);
    const session = await page.context().newCDPSession(page);
    await Bun.sleep(windowRestMs);
    await page.goto(`http://127.0.0.1:${proxy.port}/dashboard#/requests`);
    const found = await session.send("Runtime.evaluate", {
      expression: "window.firstRowMs",
      awaitPromise: true,
      returnByValue: true,
    });
    const firstMs: unknown = found.result.value;
    if (typeof firstMs !== "number") throw new Error("The page has shown no row.");
    if (run >= 0) times.push(firstMs);
    await page.close();
  }
  return [plainFigure(`${title}: the page's first list in Chromium`, "ms", times, { atMost: 300 })];
}

/** Looks at every frame; the page's clock begins with the navigation. */
const noteFirstRow = `window.firstRowMs = new Promise((resolve) => {
  const look = () => {
    if (document.querySelector(".grid-row.entry") === null) requestAnimationFrame(look);
    else resolve(performance.now());
  };
  requestAnimationFrame(look);
});`;

function limit(atMost: number | null): Target | null {
  return atMost === null ? null : { atMost };
}
