import type { Checked } from "./setting-rule.ts";

/** The address of a record that several instances share; `postgresql://` is the same. */
export type SharedRecordUrl = `postgres://${string}`;

/** What people write for on and off elsewhere. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ["true", "on"],
  ["yes", "on"],
  ["1", "on"],
  ["false", "off"],
  ["no", "off"],
  ["0", "off"],
]);

/** A word of a setting that is on or off, as `on` and `off` where it is another one for them. */
export function readSwitch(text: string): string {
  const word = text.trim().toLowerCase();
  return otherWords.get(word) ?? word;
}

const scheme = /^postgres(?:ql)?:\/\//i;
/** A comma between hosts, as libpq takes them; one in a user or a password is none. */
const severalHosts = /^[^/?#]*:\/\/(?:[^/?#]*@)?[^/?#@]*,[^/?#@]*(?:[/?#]|$)/;
/** Those that `postgres/parse-place` knows; an empty one counts as none. */
const sslModes = ["", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** Reads where requests are recorded: on (the state folder), off, or the address of a PostgreSQL database. */
export function readRecordPlace(text: string): Checked<"on" | "off" | SharedRecordUrl> {
  const word = readSwitch(text);
  if (word === "on" || word === "off") return { value: word };
  const address = text.trim();
  if (!scheme.test(address)) {
    return { fault: "must be on, off, or the address of a PostgreSQL database: postgres://…" };
  }
  if (severalHosts.test(address)) return { fault: "names several hosts, and only one is understood" };
  const url = URL.parse(address.replace(scheme, "postgres://"));
  if (url === null) {
    return {
      fault: "is no valid address: write signs such as @ : / # % in a password as %40 %3A %2F %23 %25",
    };
  }
  if (url.hostname === "") return { fault: "names no host: postgres://user:password@host:5432/database" };
  if (url.pathname.replace(/^\//, "") === "") {
    return { fault: "names no database: postgres://user:password@host:5432/database" };
  }
  if (!sslModes.includes(url.searchParams.get("sslmode") ?? "")) {
    return { fault: "has a wrong sslmode: it may be disable, prefer, require, verify-ca or verify-full" };
  }
  return { value: `postgres://${url.href.slice("postgres://".length)}` };
}

/** Whether a record is shared by several instances. */
export function isSharedRecord(record: string): record is SharedRecordUrl {
  return record.startsWith("postgres://");
}

/** Where a shared record is, as people are told: host, port and database, without user and password. */
export function nameSharedRecord(record: SharedRecordUrl): string {
  const url = new URL(record);
  return `${url.host}${url.port === "" ? ":5432" : ""}${url.pathname}`;
}
