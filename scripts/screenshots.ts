// Makes the pictures of the page in docs/images: a record of invented days, a session that is played through the real
// program, and the page in Chromium. `bun run screenshots`, whenever the page has changed; the times are those of now.
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { RecordedRequest } from "../src/record/recorded-request.ts";
import { openPage, startBrowser } from "../test/dashboard/support/browser.ts";
import {
  changedTools,
  type Night,
  refusedField,
  startNight,
  usageOf,
} from "../test/dashboard/support/night.ts";
import { chunk } from "../test/support/chunks.ts";
import { openRecordRows, recordedRequest } from "../test/support/record-rows.ts";
import { sse } from "../test/support/reply.ts";

const folder = join(import.meta.dir, "../docs/images");
const mostBytes = 150_000;
const days = 9;
const hourMs = 3_600_000;

interface Kind extends Partial<RecordedRequest> {
  /** Dollars for a million tokens: of a prompt, of a cached one, of an answer. */
  readonly price: readonly [input: number, cached: number, output: number] | null;
}

/** Which of the kinds asks, in turn: mostly the conversation itself. */
const order = [0, 0, 1, 1, 0, 1, 0, 2] as const;

const kinds: readonly Kind[] = [
  { upstream: "zai", model: "glm-5.3", family: "glm", price: [0.6, 0.11, 2.2] },
  {
    upstream: "deepseek",
    model: "deepseek-v4-pro",
    family: "deepseek",
    clientModel: "claude-sonnet-5-5",
    rule: "routes.sonnet",
    kind: "subagent",
    agentType: "Explore",
    agentId: "a1f0c3d2",
    price: [0.28, 0.028, 0.42],
  },
  {
    upstream: "desk",
    model: "qwen3-coder:30b",
    family: "qwen",
    clientModel: "claude-haiku-4-5",
    rule: "routes.haiku",
    kind: "title",
    window: 65_536,
    price: null,
  },
];

/** Numbers from 0 to 1, the same in every run. */
function createRandom(): () => number {
  let state = 11;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** What was asked on the days before, more on working days than at their ends. */
function inventHistory(nowMs: number): RecordedRequest[] {
  const random = createRandom();
  return Array.from({ length: days }, (_, day) => {
    const dayMs = nowMs - (days - 1 - day) * 24 * hourMs - 6 * hourMs;
    const count = Math.round(30 + random() * 90);
    const sessionId = `${Math.floor(random() * 0xffff_ffff)
      .toString(16)
      .padStart(8, "0")}-1b84-4a7e-9c7b-3f2a6d9e4b10`;
    return Array.from({ length: count }, (_, index) =>
      inventRequest(
        {
          requestId: `req_${day}_${index}`,
          timeMs: Math.round(dayMs + (1 - index / count) * 6 * hourMs),
          sessionId,
        },
        index,
        random,
      ),
    );
  }).flat();
}

/** `index`: from 0, and the larger the longer ago. */
function inventRequest(
  known: Pick<RecordedRequest, "requestId" | "timeMs" | "sessionId">,
  index: number,
  random: () => number,
): RecordedRequest {
  const { price = null, ...members } = kinds[order[index % order.length] ?? 0] ?? {};
  const isFailed = index % 31 === 3;
  const prompt = Math.round(12_000 + random() * 90_000);
  const cached = random() < 0.12 ? 0 : Math.round(prompt * (0.8 + random() * 0.18));
  const output = Math.round(80 + random() * 1500);
  const firstByteMs = Math.round(400 + random() * 2400);
  const durationMs = firstByteMs + Math.round(output * (12 + random() * 10));
  const errorPercent = Math.round((random() * 6 - 2.5) * 10) / 10;
  const costUsd =
    price === null ? null : ((prompt - cached) * price[0] + cached * price[1] + output * price[2]) / 1e6;
  const answered = {
    ...known,
    ...members,
    inputTokens: prompt - cached,
    cacheReadTokens: cached,
    outputTokens: output,
    estimatedTokens: Math.round(prompt * (1 + errorPercent / 100)),
    estimateErrorPercent: errorPercent,
    firstByteMs,
    durationMs,
    tokensPerSecond: Math.round((output / (durationMs - firstByteMs)) * 10_000) / 10,
    costUsd,
    costSource: costUsd === null ? null : ("price" as const),
    stopReason: "tool_use",
  };
  if (!isFailed) return recordedRequest(answered);
  return recordedRequest({
    ...answered,
    status: 529,
    stopReason: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    costUsd: null,
    costSource: null,
    estimateErrorPercent: null,
    tokensPerSecond: null,
    sends: 2,
    errorType: "overloaded_error",
    errorMessage:
      "api.z.ai cannot serve glm-5.3 now: The model is overloaded. Tried zai/glm-5.3 (529), deepseek/deepseek-v4-pro (429).",
    phase: "http",
  });
}

/** The session of this night. Gives the id of the request that broke the cache. */
async function playSession(night: Night): Promise<string> {
  const call = (id: string, name: string, input: object) => [{ id, name, arguments: input }];
  await night.turn("The build breaks in the parser. Why?", {
    text: "I read the parser first.",
    toolCalls: call("call_1", "Read", { file_path: "src/parse.ts" }),
    usage: usageOf(14_212, 0, 96),
  });
  await night.turn("export function parse(text: string) {\n  return JSON.parse(text);\n}", {
    text: "It throws for an empty text. I mend that.",
    toolCalls: call("call_2", "Edit", {
      file_path: "src/parse.ts",
      old_string: "return",
      new_string: "return text === '' ? null :",
    }),
    usage: usageOf(14_395, 14_080, 180),
  });
  night.tools = changedTools;
  night.reply(refusedField("stream_options"));
  const broken = await night.turn("The file src/parse.ts has been updated.", {
    text: "Now the tests.",
    toolCalls: call("call_3", "Bash", { command: "bun test" }),
    usage: usageOf(14_620, 0, 41),
  });
  await night.turn("412 pass\n0 fail", {
    text: "The build is whole again.",
    usage: usageOf(14_702, 14_592, 22),
  });
  return broken;
}

async function takePicture(page: Page, name: string): Promise<void> {
  const path = join(folder, `dashboard-${name}.png`);
  await page.evaluate("document.fonts.ready");
  await page.screenshot({ path, animations: "disabled" });
  const { size } = statSync(path);
  console.log(`${path}: ${size} bytes`);
  if (size > mostBytes) throw new Error(`${name} has ${size} bytes; ${mostBytes} are the most.`);
}

mkdirSync(folder, { recursive: true });
const home = mkdtempSync(join(tmpdir(), "claude-proxy-screenshots-"));
const rows = openRecordRows(join(home, ".local/state/claude-proxy/record.sqlite"));
rows.addAll(inventHistory(Date.now()));
rows[Symbol.dispose]();
const browser = await startBrowser();
try {
  await using night = await startNight({
    home,
    settings: { TZ: "UTC", BUDGET_USD_PER_DAY: "5" },
    pace: { headDelayMs: 700, paceMs: 25 },
    rules: "Follow the rules of the project, and say what you do in one sentence.\n".repeat(880),
  });
  const broken = await playSession(night);
  const open = async (address: string, ready: string, settings: Parameters<typeof openPage>[1]) => {
    const { page } = await openPage(browser, settings);
    await page.goto(`${night.program.url}/dashboard${address}`);
    await page.getByText(ready).first().waitFor();
    return page;
  };
  const size = { width: 1100, height: 560 };
  await takePicture(await open("#/requests", "cache broken", { width: 1240, height: 490 }), "requests");
  await takePicture(await open("#/requests", "cache broken", { width: 390, height: 700 }), "narrow");
  const exchange = await open(`#/requests/${broken}`, "Show what changed", size);
  await exchange.getByText("System prompt").waitFor();
  await takePicture(exchange, "exchange");
  const usage = await open("#/usage?range=14d", "Estimate against truth", { width: 1100, height: 700 });
  await usage.getByText("How far off").waitFor();
  await takePicture(usage, "usage");
  const words = Array.from({ length: 400 }, (_, index) =>
    chunk({ content: `Sentence ${index} of a long answer. ` }),
  );
  night.reply(sse(words, { headDelayMs: 600, paceMs: 30 }));
  const answer = await night.ask("Write down what you have changed.");
  const now = await open("#/now", "B/s", { ...size, colorScheme: "dark" });
  await takePicture(now, "dark");
  await answer.body?.cancel();
} finally {
  await browser.close();
  rmSync(home, { recursive: true, force: true });
}
