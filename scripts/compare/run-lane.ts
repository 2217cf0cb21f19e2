import { join } from "node:path";
import { json, status } from "../../test/support/reply.ts";
import { type RunningProgram, startProgram } from "../../test/support/start-program.ts";
import { objectOf } from "../../test/support/strict/json.ts";
import { type RecordedRequest, startUpstream } from "../../test/support/upstream.ts";
import { describeDifference, describeMessageDifference } from "./describe-difference.ts";
import type { Exchange, Outcome } from "./exchange.ts";
import { type Lane, nameOf } from "./lane.ts";
import { normaliseText } from "./normalise-text.ts";

/** An exchange or a log line in which two programs differ. */
export interface Difference {
  what: string;
  diff: string;
}

/** What two programs were asked in a lane, and where they differ. */
export interface LaneResult {
  requests: number;
  chatRequests: number;
  logLines: number;
  differences: Difference[];
}

/** One for each program: they are as long as each other and say which of the two calls the upstream. */
const keys = ["sk-canary-first-00000", "sk-canary-other-00000"] as const;
/** No exchange takes so long. */
const patienceMs = 60_000;
/** How long a program may take to ask an upstream that nothing is known of what it is. */
const recognisedWithinMs = 500;

/** Starts the program of both checkouts in front of one upstream, plays the exchanges and compares what comes out. */
export async function runLane(
  lane: Lane,
  checkouts: readonly [string, string],
  exchanges: Iterable<Exchange>,
): Promise<LaneResult> {
  const upstream = await startUpstream();
  const settings = {
    BIG_MODEL_NAME: lane.models[0],
    MEDIUM_MODEL_NAME: lane.models[1],
    SMALL_MODEL_NAME: lane.models[2],
    UPSTREAM_PROFILE: lane.profile,
  };
  await using started = new AsyncDisposableStack();
  started.defer(() => upstream.stop());
  const start = (side: 0 | 1) =>
    startProgram(
      `${upstream.baseUrl}${lane.basePath ?? ""}`,
      { ...settings, OPENAI_API_KEY: keys[side] },
      { main: join(checkouts[side], "src/main.ts") },
    );
  const one = started.use(await start(0));
  const other = started.use(await start(1));
  const result: LaneResult = { requests: 0, chatRequests: 0, logLines: 0, differences: [] };
  const note = (what: string, diff: string) => {
    if (diff !== "") result.differences.push({ what: `${nameOf(lane)}: ${what}`, diff });
  };

  for (const exchange of exchanges) {
    upstream.requests.length = 0;
    let said = typeof exchange.body === "string" ? exchange.body : "";
    const attempts = new Map<string, number>();
    upstream.respondWith((request) => {
      if (request.method === "GET") return json({ object: "list", data: [{ id: "m", owned_by: "vllm" }] });
      const key = keyOf(request);
      const attempt = attempts.get(key) ?? 0;
      attempts.set(key, attempt + 1);
      if (attempt > mostAttempts) return status(500, "too many attempts");
      const reply = exchange.reply(objectOf(request.body)["stream"] === true, attempt);
      for (const step of reply.body) if (step instanceof Uint8Array) said += decoder.decode(step);
      return reply;
    });
    const answers = await Promise.all([ask(one, exchange), ask(other, exchange)]);
    if (result.requests === 0 && lane.profile === "auto") await Bun.sleep(recognisedWithinMs);
    const outcomes = answers.map((answer, side): Outcome => {
      const sent = upstream.requests.filter((request) => keyOf(request) === keys[side]).map(formatRequest);
      return { sent: sent.map((text) => normaliseText(text, said)), answer: normaliseText(answer, said) };
    });
    const [ours, theirs] = outcomes;
    if (ours === undefined || theirs === undefined) throw new Error("two programs have two outcomes");
    result.requests += 1;
    result.chatRequests += ours.sent.length;
    note(`${exchange.name}: ${exchange.method} ${exchange.path}`, compareOutcomes(ours, theirs));
  }

  const [ourLines = [], theirLines = []] = await Promise.all([one, other].map(stopAndReadLog));
  result.logLines = ourLines.length;
  for (let at = 0; at < Math.max(ourLines.length, theirLines.length); at += 1)
    note(`log line ${at + 1}`, describeDifference(ourLines[at] ?? "", theirLines[at] ?? ""));
  return result;
}

const decoder = new TextDecoder();
/** More than a program may make; without it one that never stops would not be found. */
const mostAttempts = 20;

function keyOf({ headers }: RecordedRequest): string {
  return (headers["authorization"] ?? "").replace(/^Bearer /, "");
}

/** The key says which program it is, so it is not the same for both. */
function formatRequest({ method, path, headers, rawBody }: RecordedRequest): string {
  const lines = Object.entries({ ...headers, authorization: "Bearer #" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${method} ${path}\n${lines.join("\n")}\n\n${rawBody.toString("utf8")}`;
}

async function ask(program: RunningProgram, exchange: Exchange): Promise<string> {
  const { method, path, headers, body } = exchange;
  try {
    const response = await fetch(`${program.url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === null ? {} : { body }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    return withoutPort(`${response.status}\n${lines.join("\n")}\n\n${text}`, program);
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.name : "thrown"}\n\n`;
  }
}

function compareOutcomes(ours: Outcome, theirs: Outcome): string {
  if (ours.sent.length !== theirs.sent.length)
    return `-${ours.sent.length} requests to the upstream\n+${theirs.sent.length} requests to the upstream`;
  for (const [index, text] of ours.sent.entries()) {
    const difference = describeMessageDifference(text, theirs.sent[index] ?? "");
    if (difference !== "") return `request ${index + 1} to the upstream\n${difference}`;
  }
  return describeMessageDifference(ours.answer, theirs.answer);
}

/** Where it listens is another place for each program. */
function withoutPort(text: string, { port }: RunningProgram): string {
  return text.replaceAll(`127.0.0.1:${port}`, "127.0.0.1:#");
}

/** The last lines are written when the program ends. Where in its files something was thrown may change. */
async function stopAndReadLog(program: RunningProgram): Promise<string[]> {
  program.kill("SIGTERM");
  await program.exited;
  return program.records().map((record) => {
    const line = JSON.stringify("stack" in record ? { ...record, stack: "#" } : record);
    return normaliseText(withoutPort(line, program), "");
  });
}
