import { completionOf } from "../support/chunks.ts";
import { sharePostgres } from "../support/postgres.ts";
import { json } from "../support/reply.ts";
import { hello } from "../support/start-pair.ts";
import { type ProgramOptions, type RunningProgram, startProgram } from "../support/start-program.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

/** Several real programs on one database, in front of one upstream. */
export interface TestTeam {
  readonly upstream: Upstream;
  /** The address of the database. */
  readonly record: string;
  readonly programs: readonly RunningProgram[];
  /** The status of a message sent to each of them with this key. */
  statuses(key?: string): Promise<number[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Sends a message to one of them. */
export function sendHello(url: string, key: string | undefined, body: object = hello): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
      ...(key === undefined ? {} : { "x-api-key": key }),
    },
    body: JSON.stringify(body),
  });
}

/** Starts so many programs, whose upstream says hello. */
export async function startTestTeam(
  database: string,
  count: number,
  settings: Readonly<Record<string, string>> = {},
  options: ProgramOptions = {},
): Promise<TestTeam> {
  const record = await (await sharePostgres()).createDatabase(database);
  const upstream = await startUpstream();
  upstream.respondWith(() => json(completionOf({ text: "hello" })));
  const programs = await Promise.all(
    Array.from({ length: count }, () =>
      startProgram(upstream.baseUrl, { RECORD: record, ...settings }, options),
    ),
  );
  return {
    upstream,
    record,
    programs,
    async statuses(key) {
      const responses = await Promise.all(programs.map(({ url }) => sendHello(url, key)));
      await Promise.all(responses.map((response) => response.text()));
      return responses.map((response) => response.status);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
      await upstream.stop();
    },
  };
}

/** What `GET /status` says of the team. */
export async function readTeam(url: string, key?: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/status`, { headers: key === undefined ? {} : { "x-api-key": key } });
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("team" in answer)) return {};
  return typeof answer.team === "object" ? { ...answer.team } : {};
}
