import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgramIn } from "../cli/run-program-in.ts";
import { readAnswer } from "../faults/answer.ts";
import { whole } from "../faults/outcomes.ts";
import { readInstanceSettings, serversInFront, startServerInFront } from "../faults/server-in-front.ts";
import { chunksOf, completionOf } from "../support/chunks.ts";
import { findStablePort } from "../support/find-stable-port.ts";
import { nameWithPostgres, type Postgres, sharePostgres, whyNoPostgres } from "../support/postgres.ts";
import { type PostgresGate, startPostgresGate } from "../support/postgres-gate.ts";
import { json, type Reply, sse } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type RunningProgram, startProgram } from "../support/start-program.ts";
import { until } from "../support/until.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "../support/upstream.ts";
import { readTeam } from "../team/start-team.ts";

/** Instances of the program behind nginx, on one database behind a gate, in front of one upstream that counts. */
export interface Fleet {
  readonly postgres: Postgres;
  readonly gate: PostgresGate;
  /** The address of the database, past the gate. */
  readonly record: string;
  readonly upstream: Upstream;
  /** Those that run now, each in the place that it has for nginx. */
  readonly programs: RunningProgram[];
  readonly homes: readonly string[];
  /** Of nginx. */
  readonly url: string;
  /** Starts one again, at its port and in its home. */
  restart(index: number): Promise<void>;
  /** Runs a command on a machine that has the address of the record and nothing else; gives what it printed. */
  command(...words: string[]): Promise<string>;
  /** Adds a client; gives its key as soon as each instance knows it. */
  addClient(...words: string[]): Promise<string>;
  /** Sends a request through nginx and reads its answer to the end. */
  ask(request: Asked): Promise<Told>;
  query(text: string): Promise<Record<string, unknown>[]>;
  /** How often the upstream was asked for the request with this number. */
  countAsked(number: number): number;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Asked {
  /** By it the upstream, the record and the client know a request. */
  readonly number: number;
  readonly key: string;
  readonly isStream: boolean;
  readonly maxTokens?: number;
}

/** What a client was told. */
export interface Told extends Asked {
  /** Empty if there was no answer. */
  readonly requestId: string;
  /** Null if the answer is whole, and what the upstream has said. */
  readonly fault: unknown;
  readonly status: number;
  /** Of a refusal, or an error. */
  readonly error: string;
  readonly message: string | null;
  /** `performance.now()`. */
  readonly sentMs: number;
  readonly endedMs: number;
}

export interface FleetOptions {
  readonly instances: number;
  /** Its name must be one that no other test has. */
  readonly database: string;
  /** Default: the one that all tests share. */
  readonly postgres?: Postgres;
  readonly settings?: Readonly<Record<string, string>>;
  /** What the upstream answers. */
  reply?(request: RecordedRequest): Reply;
}

const nginx = serversInFront.find(({ name }) => name === "nginx");

/** Why there can be no fleet here; null if there can. */
export const whyNoFleet = nginx?.path ? whyNoPostgres : "nginx is missing: install the Debian package nginx";

/** What a test that needs one is called. */
export const nameWithFleet = (name: string): string =>
  nginx?.path ? nameWithPostgres(name) : `${name} (skipped: ${whyNoFleet})`;

export const answerCostUsd = 0.1;
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: answerCostUsd };

/** What the upstream says to the request with this number. */
const textOf = (number: number) => Array.from({ length: 8 }, (_, index) => `${number}.${index}`).join(" ");

/** The number that a client gave its request, as the upstream was sent it. */
export function readNumber(body: unknown): number {
  return Number(/request (\d+)/.exec(JSON.stringify(body))?.[1]);
}

/** A stream that takes some 0.3 s, or a whole answer, as it was asked for. */
export function answer(
  { body }: Pick<RecordedRequest, "body">,
  { paceMs = 30, headDelayMs = 50 } = {},
): Reply {
  const said = { text: textOf(readNumber(body)), usage };
  const isStream = typeof body === "object" && body !== null && "stream" in body && body.stream === true;
  return isStream ? sse(chunksOf(said), { paceMs }) : json(completionOf(said), { headDelayMs });
}

/** Starts them all. The third place of nginx stays empty where there are two. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { instances, database, settings = {}, reply = answer } = options;
  const postgres = options.postgres ?? (await sharePostgres());
  const record = await postgres.createDatabase(database);
  const gate = await startPostgresGate(postgres.port);
  const upstream = await startUpstream();
  upstream.respondWith(reply);
  const ports = [await findStablePort(), await findStablePort(), await findStablePort()];
  const homes = Array.from({ length: instances + 1 }, () =>
    mkdtempSync(join(tmpdir(), "claude-proxy-several-")),
  );
  const laptop = homes.pop() ?? "";
  const start = (index: number) =>
    startProgram(
      upstream.baseUrl.replace(/v1$/, `${index}/v1`),
      {
        ...readInstanceSettings(),
        PORT: String(ports[index]),
        LOG_LEVEL: "WARN",
        // What is encrypted the gate cannot read.
        RECORD: `${gate.urlOf(record)}?sslmode=disable`,
        BUDGET_UNKNOWN_PRICE: "0/10000",
        ...settings,
      },
      { home: homes[index] ?? "" },
    );
  const programs = await Promise.all(Array.from({ length: instances }, (_, index) => start(index)));
  if (nginx === undefined) throw new Error(whyNoFleet ?? "");
  const front = await startServerInFront(nginx, ports);

  const fleet: Fleet = {
    postgres,
    gate,
    record,
    upstream,
    programs,
    homes,
    url: front.url,
    async restart(index) {
      const before = programs[index];
      programs[index] = await start(index);
      await before?.[Symbol.asyncDispose]();
    },
    async command(...words) {
      const { exitCode, out, err } = await runProgramIn(laptop, words, { RECORD: record });
      if (exitCode !== 0) throw new Error(`${words.join(" ")} ended with ${exitCode}: ${err}`);
      return out;
    },
    async addClient(...words) {
      const key = (await fleet.command("clients", "add", ...words)).trim();
      await until(
        () => Promise.all(programs.map(({ port }) => readTeam(`http://127.0.0.1:${port}`, key))),
        (states) => states.every(({ instances: alive }) => alive === instances),
        20_000,
      );
      return key;
    },
    ask: (asked) => ask(fleet.url, front.authority, asked),
    query: (text) => postgres.query(text, record),
    countAsked: (number) => upstream.requests.filter(({ body }) => readNumber(body) === number).length,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
      await upstream.stop();
      await gate[Symbol.asyncDispose]();
      for (const home of [...homes, laptop]) rmSync(home, { recursive: true, force: true });
    },
  };
  return fleet;
}

/** The session of a request: each has one of its own, so that nginx spreads them. */
export const sessionOf = (number: number) => `several-${number}`;

async function ask(url: string, authority: Bun.BunFile, asked: Asked): Promise<Told> {
  const { number, key, isStream, maxTokens = 10 } = asked;
  const sentMs = performance.now();
  const told = { ...asked, requestId: "", status: 0, error: "", message: null, sentMs };
  let requestId = "";
  try {
    const response = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": key,
        "x-claude-code-session-id": sessionOf(number),
      },
      body: JSON.stringify({
        ...hello,
        max_tokens: maxTokens,
        stream: isStream,
        messages: [{ role: "user", content: `request ${number}` }],
      }),
      tls: { ca: authority },
    });
    requestId = response.headers.get("request-id") ?? "";
    // An error of nginx is a page.
    if (response.headers.get("content-type") === "text/html") {
      const { status } = response;
      return { ...told, status, fault: await response.text(), endedMs: performance.now() };
    }
    const { outcome, faults } = await readAnswer(response);
    const found = [outcome, faults];
    const isWhole = Bun.deepEquals(found, [whole(textOf(number)), []]);
    const { status, end, message } = outcome;
    const fault = isWhole ? null : found;
    return { ...told, requestId, fault, status, error: end, message, endedMs: performance.now() };
  } catch (error) {
    return { ...told, requestId, fault: String(error), endedMs: performance.now() };
  }
}
