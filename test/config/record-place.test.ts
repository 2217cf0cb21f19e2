import { expect, test } from "bun:test";
import { nameSharedRecord, readRecordPlace } from "../../src/config/record-place.ts";

test.each([
  ["on", "on"],
  [" Yes ", "on"],
  ["0", "off"],
  ["postgres://u:canary-0001@db/records", "postgres://u:canary-0001@db/records"],
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
