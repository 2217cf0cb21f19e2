import type { ClientSettings } from "../config/file-config.ts";
import type { JsonObject } from "../json/json-value.ts";

/** The columns of a client, under which it is also kept in the state folder. */
export const clientColumns =
  "name, key_digest, usd_per_day, usd_per_month, requests_per_minute, models, admin" as const;

/** A client of the shared database; null for a row that is none. A limit that cannot be read is none of those. */
export function parseClient(row: JsonObject): ClientSettings | null {
  const { name, key_digest: keyDigest, models } = row;
  if (typeof name !== "string" || typeof keyDigest !== "string" || !/^[0-9a-f]{64}$/.test(keyDigest))
    return null;
  const limits = [row["usd_per_day"], row["usd_per_month"], row["requests_per_minute"]].map(parseLimit);
  const [usdPerDay, usdPerMonth, requestsPerMinute] = limits;
  // What is no limit and no list must not become no limit at all.
  if (usdPerDay === undefined || usdPerMonth === undefined || requestsPerMinute === undefined) return null;
  const patterns = parsePatterns(models);
  if (patterns === undefined) return null;
  return {
    name,
    keyDigest,
    usdPerDay,
    usdPerMonth,
    requestsPerMinute,
    models: patterns,
    admin: row["admin"] === true,
  };
}

/** The client in the form that `parseClient` reads. */
export function buildClientRow(client: ClientSettings): JsonObject {
  return {
    name: client.name,
    key_digest: client.keyDigest,
    usd_per_day: client.usdPerDay,
    usd_per_month: client.usdPerMonth,
    requests_per_minute: client.requestsPerMinute,
    models: client.models,
    admin: client.admin,
  };
}

function parseLimit(value: unknown): number | null | undefined {
  if (value === null) return null;
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function parsePatterns(value: unknown): readonly string[] | null | undefined {
  if (value === null) return null;
  if (!Array.isArray(value)) return undefined;
  const patterns = value.filter((entry: unknown) => typeof entry === "string");
  return patterns.length === value.length ? patterns : undefined;
}
