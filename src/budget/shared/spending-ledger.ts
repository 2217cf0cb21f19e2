import type { JsonObject } from "../../json/json-value.ts";
import { migrate } from "../../postgres/migrate.ts";
import type { Postgres } from "../../postgres/postgres.ts";
import {
  beginCounterSql,
  createCounterSql,
  forgetCountersSql,
  lockCounterSql,
  readCountersSql,
  releaseDeadSql,
  releaseForgottenSql,
  releaseRequestSql,
  reserveSql,
} from "../../postgres/spending-sql.ts";
import { type CounterKey, fromPicousd, toPicousd } from "./counter-key.ts";

/** An instance that was not seen for so long does not live any more. */
const deadSeconds = 60;

/** Longer than any request waits: what is reserved late counts all the same. */
const reserveMs = 1_000;

/** Longer than the record is asked what was spent. */
const usualSilenceMs = 15_000;

/** A counter at which something is to be reserved. */
export interface WantedCounter extends CounterKey {
  readonly limitUsd: number;
  /** Nothing else of this instance is reserved there. */
  readonly isAlone: boolean;
}

/** A counter as it was when something was to be reserved there. */
export interface FoundCounter {
  readonly spentUsd: number;
  readonly reservedUsd: number;
  /** It holds what was spent before it. */
  readonly hasBegun: boolean;
}

/** By the texts of their keys. */
export interface Reserved {
  readonly isHeld: boolean;
  readonly counters: ReadonlyMap<string, FoundCounter>;
}

/** The counters of a shared database. All of it rejects with a PostgresError. */
export interface SpendingLedger {
  /** Makes the tables if nobody has. */
  prepare(): Promise<void>;
  /** Reserves dollars for a request at all counters, or at none. */
  reserve(request: string, wanted: readonly WantedCounter[], usd: number): Promise<Reserved>;
  /**
   * Begins a counter with what was spent before it, unless somebody has done so.
   * @param findSpentUsd asked while nothing can be added to the counter
   */
  begin(key: CounterKey, findSpentUsd: () => Promise<number>): Promise<void>;
  /** Adds what the record knows, and a counter that was not kept all the time does not. */
  raise(key: CounterKey, spentUsd: number): Promise<void>;
  /** Dollars, by the texts of the keys. */
  read(keys: readonly CounterKey[]): Promise<ReadonlyMap<string, number>>;
  /** Takes back what is reserved for a request. */
  release(request: string): Promise<void>;
  /** Takes back what is reserved for nobody: of all requests of this instance but these, and of instances that are gone. */
  releaseForgotten(running: readonly string[]): Promise<void>;
  /** Forgets counters of long ago. */
  forget(): Promise<void>;
}

/**
 * Creates the ledger of an instance.
 * @param instance its id among those that live
 * @param how.silenceMs how long a counter stays locked for an instance that vanishes while it begins one
 */
export function createSpendingLedger(
  postgres: Postgres,
  instance: string,
  { silenceMs = usualSilenceMs } = {},
): SpendingLedger {
  const { query } = postgres;
  const valuesOf = ({ client, period, start }: CounterKey) => [client, period, start];
  return {
    prepare: () => migrate(postgres),
    async reserve(request, wanted, usd) {
      const list = wanted.map(({ limitUsd, isAlone, client, period, start }) => {
        return { client, period, start, most: toPicousd(limitUsd), alone: isAlone };
      });
      const values = [JSON.stringify(list), toPicousd(usd), request, instance];
      const rows = await query(reserveSql, values, { timeoutMs: reserveMs });
      return {
        isHeld: rows[0]?.["is_held"] === true,
        counters: new Map(rows.map((row) => [textOfRow(row), findCounter(row)])),
      };
    },
    async begin(key, findSpentUsd) {
      await postgres.transaction(async (ask) => {
        await ask(createCounterSql, [...valuesOf(key), String(silenceMs)]);
        const [row] = await ask(lockCounterSql, valuesOf(key));
        if (row?.["begun"] === true) return;
        const spentUsd = await findSpentUsd();
        await ask(beginCounterSql, [...valuesOf(key), toPicousd(spentUsd)]);
      });
    },
    async raise(key, spentUsd) {
      await query(beginCounterSql, [...valuesOf(key), toPicousd(spentUsd)]);
    },
    async read(keys) {
      const rows = await query(readCountersSql, [JSON.stringify(keys)]);
      return new Map(rows.map((row) => [textOfRow(row), fromPicousd(row["spent_picousd"])]));
    },
    async release(request) {
      await query(releaseRequestSql, [request]);
    },
    async releaseForgotten(running) {
      await query(releaseForgottenSql, [instance, JSON.stringify(running)]);
      await query(releaseDeadSql, [deadSeconds]);
    },
    async forget() {
      await query(forgetCountersSql);
    },
  };
}

function findCounter(row: JsonObject): FoundCounter {
  return {
    spentUsd: fromPicousd(row["spent_picousd"]),
    reservedUsd: fromPicousd(row["reserved_picousd"]),
    hasBegun: row["begun"] === true,
  };
}

function textOfRow({ client, period, start }: JsonObject): string {
  return JSON.stringify([client, period, start]);
}
