// Proves from the outside that two checkouts say the same bytes: `bun run compare OTHER_CHECKOUT [--only requests]`.
// The program of each is started in front of the same upstream, for every family of upstreams. Both get the same requests
// and the same answers, and what they send to either side and write into their logs is compared. The exit code is 1 when
// anything differs. RECORDINGS_DIR names a folder with answers of real servers.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Exchange } from "./exchange.ts";
import { type Lane, lanes, nameOf } from "./lane.ts";
import { listAnswers } from "./parts/answers.ts";
import { listEndpoints } from "./parts/endpoints.ts";
import { listErrors } from "./parts/errors.ts";
import { listRequests } from "./parts/requests.ts";
import { warmUp } from "./play-body.ts";
import { type Difference, type LaneResult, runLane } from "./run-lane.ts";

const parts: Readonly<Record<string, (lane: Lane) => Iterable<Exchange>>> = {
  endpoints: listEndpoints,
  requests: listRequests,
  answers: listAnswers,
  errors: listErrors,
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, lane: { type: "string", default: "" } },
});
const [other] = positionals;
const isKnownPart = options.only === undefined || options.only in parts;
if (other === undefined || !existsSync(join(other, "src/main.ts")) || !isKnownPart) {
  console.error(
    `usage: bun run compare OTHER_CHECKOUT [--only ${Object.keys(parts).join("|")}] [--lane NAME]\n` +
      "OTHER_CHECKOUT is the folder of another checkout, with its packages installed.",
  );
  process.exit(2);
}

const checkouts = [join(import.meta.dir, "../.."), resolve(other)] as const;
/** A lane waits for its own answers most of the time. */
const lanesAtOnce = 2;
/** So many differences in one lane are not a matter of time. */
const mostByTime = 10;
/** Differences of a lane that are shown, of those that look the same the first. */
const mostShown = 5;

function* exchangesOf(lane: Lane): Generator<Exchange> {
  yield* warmUp();
  for (const [name, list] of Object.entries(parts)) {
    if (options.only !== undefined && options.only !== name) continue;
    for (const exchange of list(lane)) yield { ...exchange, name: `${name}, ${exchange.name}` };
  }
}

/** What differs in two runs. What differs in one of them alone depends on time: the machine was busy, and a timer ran out. */
async function compareIn(lane: Lane): Promise<LaneResult> {
  const result = await runLane(lane, checkouts, exchangesOf(lane));
  const { length } = result.differences;
  if (length === 0 || length > mostByTime) return result;
  const again = await runLane(lane, checkouts, exchangesOf(lane));
  const isLasting = ({ what }: Difference) => again.differences.some((other) => other.what === what);
  for (const { what, diff } of result.differences.filter((difference) => !isLasting(difference)))
    console.log(`differed once: ${what}\n${diff}\n`);
  return { ...result, differences: result.differences.filter(isLasting) };
}

/** A program that does not start is a difference too: one of the checkouts may not know the family. */
function unplayed(lane: Lane, error: unknown): LaneResult {
  const differences = [{ what: `${nameOf(lane)}: could not be played`, diff: String(error) }];
  return { requests: 0, chatRequests: 0, logLines: 0, differences };
}

const startedAtMs = performance.now();
const secondsSince = (startMs: number) => ((performance.now() - startMs) / 1000).toFixed(0);
const waiting = lanes.filter((lane) => nameOf(lane).includes(options.lane));
const results: LaneResult[] = [];
const work = async () => {
  for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
    const laneStartedAtMs = performance.now();
    const result = await compareIn(lane).catch((error: unknown) => unplayed(lane, error));
    results.push(result);
    const { requests, differences } = result;
    console.log(
      `${nameOf(lane)}: ${requests} requests, ${differences.length} differ, ${secondsSince(laneStartedAtMs)} s`,
    );
    const alike = Map.groupBy(differences, ({ diff }) => diff);
    for (const [diff, [first, ...others]] of [...alike].slice(0, mostShown)) {
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      console.log(`DIFFERS ${first?.what}${more}\n${diff}\n`);
    }
  }
};
await Promise.all(Array.from({ length: lanesAtOnce }, work));

const sum = (count: (result: LaneResult) => number) =>
  results.reduce((total, result) => total + count(result), 0).toLocaleString("en");
const differing = sum(({ differences }) => differences.length);
console.log(
  `\n${sum(({ requests }) => requests)} requests and their answers, ${sum(({ chatRequests }) => chatRequests)} chat ` +
    `requests, ${sum(({ logLines }) => logLines)} log lines: ${differing} differ, ${secondsSince(startedAtMs)} s`,
);
process.exitCode = differing === "0" && results.length > 0 ? 0 : 1;
