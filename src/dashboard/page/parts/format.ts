/** What stands where a value is not known. */
export const unknownText = "?";

/** A count in few characters: `950`, `12.3k`, `1.2M`. */
export function formatCount(count: number | null): string {
  if (count === null) return unknownText;
  const size = Math.abs(count);
  if (size < 1000) return String(Math.round(count));
  if (size < 99_950) return `${(count / 1000).toFixed(1)}k`;
  if (size < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(size < 99_950_000 ? 1 : 0)}M`;
}

/** A whole number with its thousands apart. */
export function formatWhole(count: number | null): string {
  return count === null ? unknownText : Math.round(count).toLocaleString("en-US");
}

/** `820 B`, `12.3 kB`, `1.2 MB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return unknownText;
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `$1.24`, `$0.0031`, `<$0.0001`; an unknown cost is `?` and never zero. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return unknownText;
  if (usd === 0) return "$0";
  if (usd < 0.0001) return "<$0.0001";
  return `$${usd < 0.1 ? usd.toFixed(4) : usd.toFixed(2)}`;
}

/** A sum of which parts may not be known: `$1.24 + ?`. */
export function formatUsdSum(usd: number, unknownCosts: number): string {
  if (unknownCosts === 0) return formatUsd(usd);
  return usd === 0 ? unknownText : `${formatUsd(usd)} + ${unknownText}`;
}

/** `85 ms`, `1.24 s`, `12.4 s`, `2 min 5 s`, `3 h 2 min`, `2 d 3 h`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return unknownText;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(ms / 3_600_000);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A share from 0 to 1 as `93%`: not 100% before it is, and not 0% when there is some. */
export function formatShare(share: number | null): string {
  if (share === null) return unknownText;
  if (share > 0 && share < 0.01) return "<1%";
  if (share < 1 && share > 0.99) return ">99%";
  return `${Math.round(share * 100)}%`;
}

/** The part of a prompt that came from the cache, from 0 to 1; null if it is not known. */
export function countCacheShare(tokens: {
  readonly inputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
}): number | null {
  const prompt = countPrompt(tokens);
  if (prompt === null || prompt === 0 || tokens.cacheReadTokens === null) return null;
  return tokens.cacheReadTokens / prompt;
}

/** All tokens of a prompt: those from the cache and those written to it included; null if they are not known. */
export function countPrompt(tokens: {
  readonly inputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
}): number | null {
  if (tokens.inputTokens === null) return null;
  return tokens.inputTokens + (tokens.cacheReadTokens ?? 0) + (tokens.cacheWriteTokens ?? 0);
}

const two = (value: number): string => String(value).padStart(2, "0");

/** The time of day here: `03:04:05`. */
export function formatClock(timeMs: number): string {
  const date = new Date(timeMs);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The day here: `2026-11-30`. */
export function formatDay(timeMs: number): string {
  const date = new Date(timeMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Day and time here: `2026-11-30 03:04:05`. */
export function formatTime(timeMs: number): string {
  return `${formatDay(timeMs)} ${formatClock(timeMs)}`;
}
