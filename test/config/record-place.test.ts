import { expect, test } from "bun:test";
import { nameSharedRecord, readRecordPlace } from "../../src/config/record-place.ts";

test.each([
  ["on", "on"],
  [" Yes ", "on"],
  ["0", "off"],
  ["postgres://u:canary-0001@db/records", "postgres://u:canary-0001@db/records"],
  ["postgres://u:canary,0001@db/records", "postgres://u:canary,0001@db/records"],
  ["postgres://db/records?sslmode=", "postgres://db/records?sslmode="],
  [
    " postgresql://db.example:6432/records?sslmode=require ",
    "postgres://db.example:6432/records?sslmode=require",
  ],
] as const)("RECORD=%s is %s", (text, value) => {
  expect(readRecordPlace(text)).toEqual({ value });
});

test.each([
  ["maybe", "must be on, off, or the address of a PostgreSQL database: postgres://…"],
  ["mysql://db/records", "must be on, off, or the address of a PostgreSQL database: postgres://…"],
  ["postgres://db", "names no database: postgres://user:password@host:5432/database"],
  ["postgres:///records", "names no host: postgres://user:password@host:5432/database"],
  ...["postgres://u:canary-0001@one,two/records", "postgres://u:canary@one:5432,two:5433/records"].map(
    (text) => [text, "names several hosts, and only one is understood"] as const,
  ),
  [
    "postgres://u:canary-0001@db/records?sslmode=verify-ful",
    "has a wrong sslmode: it may be disable, prefer, require, verify-ca or verify-full",
  ],
  [
    "postgres://u:can%ary#/0123456789@db:x/records",
    "is no valid address: write signs such as @ : / # % in a password as %40 %3A %2F %23 %25",
  ],
])("RECORD=%s is refused", (text, fault) => {
  expect(readRecordPlace(text)).toEqual({ fault });
});

test.each([
  ["postgres://u:canary-0001@db/records", "db:5432/records"],
  ["postgres://u:canary-0001@[::1]:6432/records?sslmode=require", "[::1]:6432/records"],
] as const)("the place of %s is named without user and password", (url, name) => {
  expect(nameSharedRecord(url)).toBe(name);
});
