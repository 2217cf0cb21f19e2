import type { ClientChanges } from "../../team/client-table.ts";
import { CommandError } from "../command-error.ts";
import type { ConfigFlags } from "../config/config-flags.ts";

/** The flags that say what a client may do. */
export interface LimitFlags extends ConfigFlags {
  readonly usdPerDay?: string;
  readonly usdPerMonth?: string;
  readonly requestsPerMinute?: string;
  readonly models?: string;
  readonly admin?: boolean;
}

const mostDollars = 1_000_000_000;
const mostRequests = 1_000_000_000;
/** Takes a limit away. */
const none = "none";

/** What the flags change of a client. CommandError says what is wrong with them. */
export function parseChanges(flags: LimitFlags): ClientChanges {
  const { usdPerDay, usdPerMonth, requestsPerMinute, models, admin } = flags;
  return {
    ...(usdPerDay === undefined ? {} : { usdPerDay: parseDollars("--usd-per-day", usdPerDay) }),
    ...(usdPerMonth === undefined ? {} : { usdPerMonth: parseDollars("--usd-per-month", usdPerMonth) }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute: parseCount(requestsPerMinute) }),
    ...(models === undefined ? {} : { models: parseModels(models) }),
    ...(admin === undefined ? {} : { admin }),
  };
}

function parseDollars(flag: string, text: string): number | null {
  if (text === none) return null;
  if (/^\d+(?:\.\d+)?$/.test(text) && Number(text) <= mostDollars) return Number(text);
  throw new CommandError(`${flag} ${text}: must be a number of dollars, or none. Example: ${flag} 20`, 2);
}

function parseCount(text: string): number | null {
  if (text === none) return null;
  if (/^[1-9]\d*$/.test(text) && Number(text) <= mostRequests) return Number(text);
  const example = "--requests-per-minute 120";
  throw new CommandError(
    `--requests-per-minute ${text}: must be a whole number, or none. Example: ${example}`,
    2,
  );
}

function parseModels(text: string): readonly string[] | null {
  if (text === none) return null;
  const patterns = text.split(",").map((pattern) => pattern.trim());
  if (patterns.every((pattern) => pattern !== "")) return patterns;
  throw new CommandError(
    `--models ${text}: must be patterns of targets with commas between them, or none for all. Example: --models "azure/*,vllm/*"`,
    2,
  );
}
