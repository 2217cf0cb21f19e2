import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../../test/dashboard/support/browser.ts";
import { fillRecord } from "../record/fill-record.ts";
import type { BenchContext } from "../start-servers.ts";
import { type Figure, plainFigure } from "./figure.ts";
import { type TimedAnswer, type TimedCommand, timeAnswers, timeCommands, timedList } from "./time-record.ts";

const requests = 100_000;
const title = `A record of ${requests.toLocaleString("en-US")} requests`;

const commands: readonly TimedCommand[] = [
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

const asked: readonly TimedAnswer[] = [
  ...filters.map((filter) => timedList(filter, 100)),
  ["50 sessions", "sessions?limit=50", null],
  ["usage by day", "usage?by=day", null],
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
    ...(await timeCommands(context, title, commands, env)),
    ...(await timeAnswers(context, title, asked, env)),
    ...(await timePage(context, env)),
  ];
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
