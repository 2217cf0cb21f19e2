// How fast tokens are counted, beside plain gpt-tokenizer and tiktoken in the same run: `bun run bench:count`.
import { cpus } from "node:os";

import type { ChatRequest } from "../../../src/protocols/chat/chat-request.ts";
import { medianOf } from "../../median-of.ts";
import { measureServer } from "./measure-server.ts";

import { simulateCalibration } from "./simulate-calibration.ts";
import { createConversation, createHardTexts, readOrdinaryTexts } from "./texts.ts";
import { createWay, type Way, type WayName, wayNames } from "./ways-of-counting.ts";

const megabyte = 1_000_000;

function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n## ${title}\n\n| ${head.join(" | ")} |\n|${head.map(() => "---").join("|")}|`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const runs = 5;

async function printSpeed(ways: ReadonlyMap<WayName, Way>): Promise<void> {
  const rows: string[][] = [];
  for (const [kind, parts] of Object.entries(await readOrdinaryTexts(runs, megabyte))) {
    const speeds = [...ways].map((): number[] => []);
    const firstCounts: number[] = [];
    // In turns, so that a busy moment of the machine falls on all of them; and each part once, because all of
    // them remember what they have seen.
    for (const part of parts) {
      for (const [index, way] of [...ways.values()].entries()) {
        let tokens = 0;
        const ms = await timeMs(async () => {
          tokens = await way.countText(part);
        });
        speeds[index]?.push(Buffer.byteLength(part) / 1000 / ms);
        if (part === parts[0]) firstCounts.push(tokens);
      }
    }
    rows.push([kind, ...speeds.map((all) => medianOf(all).toFixed(1)), firstCounts.join(" / ")]);
  }
  const head = ["text", ...wayNames.map((name) => `${name}, MB/s`), "tokens of the first MB"];
  printTable(`Ordinary text, a million characters at a time, median of ${runs}`, head, rows);
}

async function printHardTexts(ways: ReadonlyMap<WayName, Way>): Promise<void> {
  const whole = Object.entries(createHardTexts(megabyte));
  const small = createHardTexts(10_000);
  const rows: string[][] = [];
  for (const [kind, text] of whole) {
    const row = [kind];
    for (const [name, way] of ways) {
      // The others would take minutes for 1 MB of one letter: 1 % shows how fast they are.
      const measured = name === "claude-proxy" ? text : (small[kind] ?? "");
      const ms = await timeMs(() => way.countText(measured));
      row.push(name === "claude-proxy" ? (ms / 1000).toFixed(2) : `${ms.toFixed(0)} ms for 10 KB`);
    }
    rows.push(row);
  }
  printTable("1 MB that is hard, seconds (target: 2)", ["text", ...wayNames], rows);
}

async function printConversation(ways: ReadonlyMap<WayName, Way>): Promise<void> {
  const conversation = await createConversation(200, megabyte);
  const [[text] = []] = Object.values(await readOrdinaryTexts(1, 100_000));
  const longer: ChatRequest = {
    ...conversation,
    messages: [...conversation.messages, { role: "user", content: (text ?? "").slice(0, 5000) }],
  };
  const rows: string[][] = [];
  for (const [name, way] of ways) {
    rows.push([
      name,
      (await timeMs(() => way.countText(text ?? ""))).toFixed(1),
      (await timeMs(() => way.countRequest(conversation))).toFixed(1),
      (await timeMs(() => way.countRequest(conversation))).toFixed(1),
      (await timeMs(() => way.countRequest(longer))).toFixed(1),
    ]);
  }
  printTable(
    "100 KB of text, and a conversation of 200 turns and 1 MB with 40 tools, milliseconds (targets: 25, -, -, 5)",
    ["way", "100 KB", "first count", "again", "with one more turn of 5 KB"],
    rows,
  );
}

async function printBurst(): Promise<void> {
  const way = await createWay("claude-proxy");
  const conversation = await createConversation(200, 200_000);
  const burst = () => Promise.all(Array.from({ length: 25 }, () => way.countRequest(conversation)));
  printTable(
    "The burst of /context: 25 requests of 200 KB at once, milliseconds for all",
    ["with a table that is not loaded yet", "again"],
    [[(await timeMs(burst)).toFixed(0), (await timeMs(burst)).toFixed(1)]],
  );
}

async function printPauses(): Promise<void> {
  const requests: [ChatRequest, ChatRequest] = [
    await createConversation(200, 2 * megabyte),
    await createConversation(199, 2 * megabyte),
  ];
  const measured = new Map<WayName, number[][]>(wayNames.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const name of wayNames) measured.get(name)?.push(await measureServer(name, requests));
  }
  const gaps = ["nothing", "2 MB parsed", "first count", "next count"];
  const rest = ["first takes", "next takes", "MB at start", "MB after"];
  const rows = [...measured].map(([name, all]) => [
    name,
    ...[...gaps, ...rest].map((_, index) => {
      return medianOf(all.map((values) => values[index] ?? Number.NaN)).toFixed(index < gaps.length ? 1 : 0);
    }),
  ]);
  printTable(
    `A running stream while 2 MB are counted: the longest pause, ms (target: 20), and memory; median of ${runs}`,
    ["way", ...gaps, ...rest],
    rows,
  );
}

async function printCalibration(): Promise<void> {
  const percent = (error: number) => `${error.toFixed(1)} %`;
  const rows = (await simulateCalibration()).map(({ upstream, first, second, largestAfter }) => {
    return [upstream, percent(first), percent(second), percent(largestAfter)];
  });
  const head = ["tokenizer of the upstream", "1st request", "2nd request", "largest of the next 28"];
  printTable("Error of the estimate for a model of unknown family, before and after calibration", head, rows);
}

console.log(
  `Bun ${Bun.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model}`,
);
const ways = new Map<WayName, Way>();
for (const name of wayNames) {
  const way = await createWay(name);
  await way.countText("the table is loaded");
  ways.set(name, way);
}
await printSpeed(ways);
await printHardTexts(ways);
await printConversation(ways);
await printBurst();
await printPauses();
await printCalibration();
process.exit();
