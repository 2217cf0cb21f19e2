import { cpus } from "node:os";
import { startPostgres, whyNoPostgres } from "../../../test/support/postgres.ts";
import { agentBody, buildBody } from "../load/bodies.ts";
import { measureFirstContent, runRequests } from "../load/run-load.ts";
import { measureInTurns, type Rounds } from "../measure/measure-in-turns.ts";
import { listFamily, pin, readCpuUs } from "../measure/process-usage.ts";
import { fillSharedRecord } from "../record/fill-shared-record.ts";
import { nameServer, type Server } from "../servers/spawn-server.ts";
import type { UpstreamSettings } from "../servers/upstream-settings.ts";
import type { BenchContext } from "../start-servers.ts";
import { comparedFigure, type Figure, plainFigure } from "./figure.ts";
import { type TimedAnswer, type TimedCommand, timeAnswers, timeCommands, timedList } from "./time-record.ts";

const [embedded, shared] = ["RECORD=on", "RECORD=postgres://"];
const rows = 1_000_000;
const [windowsOfPair, connections] = [4, 4];
/** What comes last is sent by then. */
const settleMs = 400;

/** As it is installed, but for the memory: the tests' server does without what a failing machine would need. */
const serverSettings = { fsync: "on", full_page_writes: "on", shared_buffers: "256MB", max_wal_size: "2GB" };

/** What a record in PostgreSQL on the same machine costs beside the embedded one, and how quickly a large one is read. */
export async function measureShared(context: BenchContext): Promise<Figure[]> {
  if (whyNoPostgres !== null) throw new Error(whyNoPostgres);
  return [...(await compareWriting(context)), ...(await timeReading(context))];
}

/** The program has its core to itself; the database runs on that of the load, and is counted apart. */
async function compareWriting(context: BenchContext): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await startPostgres({ certificate: null, settings: serverSettings }));
  const postgresPid = postgres.pid() ?? 0;
  pin(postgresPid, cpus().length > 2 ? 2 : 1);
  const start = async (name: string, RECORD: string) =>
    nameServer(name, stack.use(await context.startFreshProxy({ RECORD })));
  const servers = [await start(embedded, "on"), await start(shared, postgres.url)];
  const compare = async (title: string, answer: UpstreamSettings, body: string) => {
    console.error(`shared: ${title}`);
    await context.upstream.set(answer);
    const ms = context.loadMs / windowsOfPair;
    const rounds = await measureInTurns(servers, windowsOfPair * context.pairs, (server) =>
      measureWindow(server, body, ms, postgresPid),
    );
    const rates = mapRounds(rounds, ({ requests, cpuUs }) => requests / (cpuUs / 1e6));
    const postgresUs = (rounds.get(shared) ?? []).map((window) => window.postgresUs / window.requests);
    return [
      comparedFigure(
        `${title} a second of a core`,
        { rounds: rates, unit: "requests/s", of: shared, to: embedded, as: "ratio" },
        { atLeast: 0.95 },
      ),
      plainFigure(`${title}: CPU of PostgreSQL for each`, "µs", postgresUs),
    ];
  };
  const whole = { kind: "whole", chunkCharacters: 200 } as const;
  const stream = { kind: "stream", chunks: 4, chunkCharacters: 60 } as const;
  return [
    ...(await compare("Small whole requests", whole, buildBody({ stream: false }))),
    ...(await compare("Small streams", stream, buildBody({ stream: true }))),
    ...(await compare("Requests of 184 KB", whole, buildBody({ stream: false, ...agentBody }))),
    ...(await compare("Streams of 2,000 chunks", { ...stream, chunks: 2000 }, buildBody({ stream: true }))),
    await compareFirstContent(context, servers, stream),
  ];
}

/** Also counts what is written behind the answers. */
async function measureWindow(server: Server, body: string, ms: number, postgresPid: number) {
  const startUs = readCpuUs(server.pids);
  const startPostgresUs = readCpuUs(listFamily(postgresPid));
  const { requests } = await runRequests(server, body, { connections, ms });
  await Bun.sleep(settleMs);
  return {
    // Each connection has been tried by one before.
    requests: requests + connections,
    cpuUs: readCpuUs(server.pids) - startUs,
    postgresUs: readCpuUs(listFamily(postgresPid)) - startPostgresUs,
  };
}

async function compareFirstContent(
  context: BenchContext,
  servers: readonly Server[],
  answer: UpstreamSettings,
): Promise<Figure> {
  console.error("shared: time to the first content event");
  await context.upstream.set(answer);
  const rounds = await measureInTurns(servers, windowsOfPair * context.pairs, async (server) => {
    return (await measureFirstContent(server, buildBody({ stream: true }), 100)).p50;
  });
  return comparedFigure(
    `Time to the first content event, added by ${shared}, p50`,
    { rounds, unit: "ms", of: shared, to: embedded, as: "difference" },
    { atMost: 0.05 },
  );
}

function mapRounds<From, To>(rounds: Rounds<From>, convert: (value: From) => To): Rounds<To> {
  return new Map([...rounds].map(([name, values]) => [name, values.map(convert)]));
}

const atMostMs = 300;

const commands: readonly TimedCommand[] = [
  ["usage", atMostMs],
  ["usage --since 30d", atMostMs],
  ["usage --by model --since 30d", null],
  ["logs", null],
];

const asked: readonly TimedAnswer[] = [
  ...["", "is:error", "model:*glm*"].map((filter) => timedList(filter, atMostMs)),
  // Every request is looked at for the word.
  timedList("nope", null),
  ["50 sessions", "sessions?limit=50", null],
  ["usage by day", "usage?by=day", null],
];

/** The database has all cores, as its processes share a sum among them. */
async function timeReading(context: BenchContext): Promise<Figure[]> {
  const title = `A shared record of ${rows.toLocaleString("en-US")} requests`;
  console.error(title);
  await using postgres = await startPostgres({ certificate: null, settings: serverSettings });
  pin(postgres.pid() ?? 0, `0-${cpus().length - 1}`);
  await fillSharedRecord(postgres.url, rows);
  const [size = {}] = await postgres.query(
    "select (pg_total_relation_size('proxy_requests') / 1e6)::float8 as mb",
  );
  const env = { RECORD: postgres.url, XDG_STATE_HOME: context.env["HOME"] ?? "" };
  return [
    plainFigure(`${title}: its table and indexes`, "MB", [Number(size["mb"])]),
    ...(await timeCommands(context, title, commands, env)),
    ...(await timeAnswers(context, title, asked, env)),
  ];
}
