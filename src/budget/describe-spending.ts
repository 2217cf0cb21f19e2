import { ApiError } from "../anthropic/api-error.ts";
import type { SpendingCap } from "../config/list-caps.ts";
import type { SpendingCounter } from "./spending-counter.ts";

const periodWords = { day: "Today's limit", month: "This month's limit", session: "The limit" } as const;

/** Running requests end one after the other. */
const runningWaitSeconds = "2";
const silentWaitSeconds = "5";

/** Dollars as people write them: `$20`, `$0.42`, `$0.0031`. */
function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.0001) return "<$0.0001";
  return `$${usd.toFixed(usd === 0 || usd >= 0.1 ? 2 : 4).replace(/\.00$/, "")}`;
}

/** A moment on the user's own clock: `2026-12-01 00:00`. */
function formatLocalTime(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The warning before a cap is reached. */
export function describeWarning({ cap, spentUsd, period, sessionId }: SpendingCounter): {
  event: string;
  fields: Record<string, unknown>;
} {
  const { limitUsd, setting, name } = cap;
  const percent = Math.floor((spentUsd / limitUsd) * 100);
  return {
    event: `${percent} % of a budget is spent: ${formatUsd(spentUsd)} of ${formatUsd(limitUsd)} (${setting})`,
    fields: {
      budget: name,
      ...(sessionId === null ? {} : { sessionId }),
      ...(period === null ? {} : { ends: formatLocalTime(period.endMs) }),
    },
  };
}

/**
 * The error for a request whose cap is reached. Claude Code sends such a request once and shows the message; a status
 * that means money (402, 403) would have it speak of the user's login or account.
 */
export function refuseSpending({ cap, spentUsd, period }: SpendingCounter, nowMs: number): ApiError {
  const limit = `${describeLimit(cap)} is reached`;
  const until =
    period === null
      ? `Start a new session, or raise ${cap.setting}.`
      : `Requests are accepted again from ${formatLocalTime(period.endMs)}, or when you raise ${cap.setting}.`;
  const waitSeconds = period === null ? null : Math.max(1, Math.ceil((period.endMs - nowMs) / 1000));
  return new ApiError("billing_error", `claude-proxy: ${limit}: ${formatUsd(spentUsd)} spent. ${until}`, {
    status: 429,
    headers: {
      "x-should-retry": "false",
      ...(waitSeconds === null ? {} : { "retry-after": String(waitSeconds) }),
    },
  });
}

/**
 * The error for a request that has to wait: what runs may spend all that is left. Claude Code sends it again after a
 * moment.
 */
export function refuseForRunning({ cap, spentUsd }: SpendingCounter): ApiError {
  return new ApiError(
    "rate_limit_error",
    `claude-proxy: ${describeLimit(cap)}: ${formatUsd(spentUsd)} spent, and running requests may spend the rest. Try again in a few seconds.`,
    { headers: { "retry-after": runningWaitSeconds, "x-should-retry": "true" } },
  );
}

/** The error for somebody with a cap while nobody can say what was spent, where that is to be refused. */
export function refuseUnasked({ cap }: SpendingCounter): ApiError {
  return new ApiError(
    "api_error",
    `claude-proxy: the shared record does not answer, so nobody knows what is left of ${cap.setting}, and CAPS_FAIL=closed. Try again in a few seconds.`,
    { status: 503, headers: { "retry-after": silentWaitSeconds, "x-should-retry": "true" } },
  );
}

function describeLimit({ client, period, limitUsd }: SpendingCap): string {
  const whose = period === "session" ? "one session" : client === null ? "everybody" : `client ${client}`;
  return `${periodWords[period]} of ${formatUsd(limitUsd)} for ${whose}`;
}

/** The error for a request to a model whose price is not known, where that is to be refused. */
export function refuseUnknownPrice(target: string, hasFile: boolean): ApiError {
  const way = hasFile
    ? `Set models."${target}".price in the configuration file`
    : "Name its price in a config.yaml (models)";
  return new ApiError(
    "billing_error",
    `claude-proxy: the price of ${target} is not known, and BUDGET_UNKNOWN_PRICE=refuse. ${way}, or let it count at a price of your choice: BUDGET_UNKNOWN_PRICE=5/25.`,
    // Claude Code sends this once; a 403 would have it speak of the user's login.
    { status: 400, headers: { "x-should-retry": "false" } },
  );
}
