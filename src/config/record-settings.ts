import { readRecordPlace, readSwitch } from "./record-place.ts";
import { setting } from "./setting-note.ts";
import { createRule } from "./setting-rule.ts";
import { dollars, oneOf, unknownPrice, wholeNumber } from "./setting-rules.ts";

/** The settings of what is recorded, and of what may be spent. */
export const recordSettings = {
  RECORD: setting(
    createRule(readRecordPlace, ["on", "off"]).withDefault("on"),
    "Whether requests are recorded, for usage, logs and the dashboard: on (in the state folder), off, or postgres://…, a database that several instances share",
    "--record",
    "off",
    // Its address may have a password.
    { defaultText: "on", mayBeShown: false },
  ),
  RECORD_BODIES: setting(
    oneOf(["off", "errors", "all"], readSwitch).withDefault("errors"),
    "Of which requests the whole messages are kept: off, errors (those that failed) or all",
    "--record-bodies",
    "all",
    { defaultText: "errors" },
  ),
  RECORD_DAYS: setting(
    wholeNumber(1, 3650).withDefault("14"),
    "For how many days requests are kept in the record",
    "--record-days",
    "90",
    { defaultText: "14" },
  ),
  RECORD_MB: setting(
    wholeNumber(10, 1_000_000).withDefault("500"),
    "How many megabytes the record may take; the oldest requests go first",
    "--record-mb",
    "2000",
    { defaultText: "500" },
  ),
  BUDGET_USD_PER_DAY: setting(
    dollars.optional(),
    "Dollars that all requests of a day may cost together; then they are refused until the next day",
    "--budget-usd-per-day",
    "20",
    { defaultText: "none" },
  ),
  BUDGET_USD_PER_SESSION: setting(
    dollars.optional(),
    "Dollars that one session of Claude Code may cost",
    "--budget-usd-per-session",
    "5",
    { defaultText: "none" },
  ),
  BUDGET_UNKNOWN_PRICE: setting(
    unknownPrice.withDefault("5/25"),
    "What a budget counts for models without a known price: dollars for a million input and output tokens, or refuse",
    "--budget-unknown-price",
    "10/50",
    { defaultText: "5/25" },
  ),
  CAPS_FAIL: setting(
    oneOf(["open", "closed"], (text) => text.toLowerCase()).withDefault("open"),
    "What happens to those with a cap while a shared record does not answer: open (they go on) or closed (503)",
    "--caps-fail",
    "closed",
    { defaultText: "open" },
  ),
};
