import type { SpendingCap } from "../../config/list-caps.ts";
import type { SpendingCharge } from "../../record/spending-charge.ts";

/** Which counter of the shared database is meant. */
export type CounterKey = Omit<SpendingCharge, "picousd">;

const picousdPerUsd = 1e12;
/** In dollars: what the database's whole numbers hold. */
const mostUsd = 9_000_000;

/**
 * The counter of a cap.
 * @param startMs any moment of its period; of no use to a session
 */
export function keyOfCap(
  { client, period }: SpendingCap,
  { startMs, sessionId }: { startMs: number; sessionId: string | null },
): CounterKey {
  const start = period === "session" ? keyOfSession(sessionId ?? "") : formatLocalDay(startMs, period);
  return { client: client ?? "", period, start };
}

/** A key as one text, for maps. */
export function textOfKey({ client, period, start }: CounterKey): string {
  return JSON.stringify([client, period, start]);
}

/** Picodollars, in digits. */
export function toPicousd(usd: number): string {
  return String(BigInt(Math.round(Math.min(usd, mostUsd) * picousdPerUsd)));
}

/** Dollars. */
export function fromPicousd(picousd: unknown): number {
  return typeof picousd === "number" ? picousd / picousdPerUsd : 0;
}

/** A client may call its session anything, and the database does not take every text. */
function keyOfSession(id: string): string {
  if (/^[\x21-\x7e]{1,200}$/.test(id)) return id;
  return `sha256:${new Bun.CryptoHasher("sha256").update(id).digest("hex")}`;
}

/** `2026-11-30`; of a month its first day. */
function formatLocalDay(timeMs: number, period: "day" | "month"): string {
  const time = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = period === "day" ? time.getDate() : 1;
  return [time.getFullYear(), two(time.getMonth() + 1), two(day)].join("-");
}
