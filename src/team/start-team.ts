import { join } from "node:path";
import type { ClientSettings } from "../config/file-config.ts";
import { nameSharedRecord, type SharedRecordUrl } from "../config/record-place.ts";
import { identifyFile } from "../files/identify-file.ts";
import { learnedFileName } from "../learned/lesson.ts";
import { openPostgres } from "../postgres/open-postgres.ts";
import { PostgresError } from "../postgres/postgres-error.ts";
import { calibrationFileName } from "../tokens/calibration-file.ts";
import { createDatabaseAccess } from "./database-access.ts";
import { createFactorExchange } from "./exchange-factors.ts";
import { exchangeLessons } from "./exchange-lessons.ts";
import { type InstanceFacts, removeInstance, sendHeartbeat } from "./instances.ts";
import { createKeptClients } from "./kept-clients.ts";
import { createKnownClients } from "./known-clients.ts";
import { readClients } from "./read-clients.ts";
import { type Repeated, repeat } from "./repeat.ts";
import { type Revisions, readRevisions } from "./revisions.ts";
import type { Team } from "./team.ts";

export interface TeamOptions extends Omit<InstanceFacts, "address"> {
  readonly url: SharedRecordUrl;
  readonly stateFolder: string;
  /** Brings the clients that are known now into force; rejects if that cannot be. */
  readonly applyClients: () => Promise<void>;
  /** The clients that these settings name themselves. */
  readonly listOwnClients: () => readonly ClientSettings[];
  /** Takes over what others have learned about token counts; false if nobody can yet. */
  readonly adoptFactors: (factors: ReadonlyMap<string, number>) => boolean;
  readonly warn: (message: string, fields: Record<string, string>) => void;
}

/** A change of the clients is in force within twice this time. */
const pollMs = 900;
/** Also where no number says so: somebody may have changed the table by hand. */
const readAllMs = 60_000;
const heartbeatMs = 5_000;
const exchangeMs = 10_000;
const queryMs = 5_000;
/** How long after the first start of all requests wait for the first word of the database. */
const knownWaitMs = 1_000;
/** How long an end waits to be told to the others. */
const farewellMs = 500;

/** Starts what this instance shares with others. Nothing waits for it, and nothing fails with it. Never throws. */
export function startTeam(options: TeamOptions): Team {
  const { url, id, version, stateFolder, warn } = options;
  const place = nameSharedRecord(url);
  const postgres = openPostgres({ url, name: "claude-proxy team", connections: 2, timeoutMs: queryMs });
  const database = createDatabaseAccess(postgres, { place, note: warn });
  const known = createKnownClients({
    kept: createKeptClients(stateFolder, place),
    apply: options.applyClients,
    listOwn: options.listOwnClients,
    warn,
  });
  const firstWord = createFirstWord();
  const exchange = createExchange(options, database);
  const clients = createClientWatch(async (revisions) => {
    const read = await database.ask(readClients);
    const isDone = read !== null && (await known.adopt(read.answer));
    if (isDone) firstWord.hear();
    return isDone ? revisions : null;
  });
  let instances = 1;
  let beats: Repeated | null = null;
  const polls = repeat(pollMs, async () => {
    const read = await database.ask(readRevisions);
    if (read === null) return;
    await clients.look(read.answer);
    if (exchange.isNew(read.answer)) exchanges.wake();
  });
  const exchanges = repeat(exchangeMs, exchange.run);

  return {
    get shared() {
      return known.shared;
    },
    get state() {
      const { awaySince, fault } = database;
      return { place, instances, clients: known.shared.clients.length, awaySince, fault };
    },
    whenKnown: () => (known.shared.state === "unknown" ? firstWord.wait() : null),
    announce(address) {
      beats = repeat(heartbeatMs, async () => {
        const read = await database.ask((query) => sendHeartbeat(query, { id, version, address }));
        if (read !== null) instances = read.answer;
      });
    },
    async close() {
      firstWord.hear();
      const ended = Promise.all([polls.close(), exchanges.close(), beats?.close()]);
      await Promise.race([ended, Bun.sleep(farewellMs)]);
      const isHeard = beats !== null && database.awaySince === null;
      const farewell = isHeard ? database.ask((query) => removeInstance(query, id, farewellMs)) : null;
      await Promise.race([farewell, Bun.sleep(farewellMs)]);
      await postgres.close();
    },
  };
}

/** The first word of the database, for which requests wait once, and not for long. */
function createFirstWord() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isAwaited = true;
  const hear = (): void => {
    clearTimeout(patience);
    isAwaited = false;
    resolve();
  };
  const patience = setTimeout(hear, knownWaitMs).unref();
  return { hear, wait: () => (isAwaited ? promise : null) };
}

/** Reads the clients when their number says that they were changed, and now and then. */
function createClientWatch(read: (revisions: Revisions) => Promise<Revisions | null>) {
  let last: Revisions | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    async look(revisions: Revisions): Promise<void> {
      const isSame = last !== null && last.get("clients") === revisions.get("clients");
      if (isSame && performance.now() - readAtMs < readAllMs) return;
      last = await read(revisions);
      readAtMs = performance.now();
    },
  };
}

/** What was learned goes to the others soon, and comes from them. */
function createExchange(
  { stateFolder, adoptFactors, warn }: TeamOptions,
  database: ReturnType<typeof createDatabaseAccess>,
) {
  const learnedPath = join(stateFolder, learnedFileName);
  const factors = createFactorExchange(join(stateFolder, calibrationFileName), adoptFactors);
  let file: string | null = null;
  let revision: number | undefined;
  let told = "";
  const warnOnce = (message: string, cause: unknown) => {
    if (told !== message) warn(message, { cause: String(cause) });
    told = message;
  };
  /** A fault of a file is none of the database. */
  const guardFile = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof PostgresError) throw error;
      warnOnce(`${what} cannot be exchanged with the other instances`, error);
    }
  };
  return {
    /** Whether there are new lessons here or there. Factors are new all the time, and can wait. */
    isNew: (revisions: Revisions) =>
      identifyFile(learnedPath) !== file || revisions.get("lessons") !== revision,
    async run(): Promise<void> {
      await database.ask(async (query) => {
        // Taken before: what changes meanwhile is looked at again.
        const noted = (await readRevisions(query)).get("lessons");
        const identity = identifyFile(learnedPath);
        const how = { nowMs: Date.now(), warn: warnOnce };
        await guardFile("what was learned", () => exchangeLessons(query, learnedPath, how));
        [revision, file] = [noted, identity];
        await guardFile("what was learned about token counts", () => factors.exchange(query));
      });
    },
  };
}
