import { expect, test } from "bun:test";
import { chooseFailure } from "../../../src/relay/failover/choose-failure.ts";

interface Told {
  name: string;
  status: number | null;
  waitSeconds: number | null;
  wasSent: boolean;
}

const failure = (name: string, status: number | null, waitSeconds: number | null = null): Told => ({
  name,
  status,
  waitSeconds,
  wasSent: !name.startsWith("unsent"),
});

test.each<[string, [Told, ...Told[]], string]>([
  ["the shortest wait", [failure("a", 429, 9), failure("b", 429, 4), failure("c", 429, 6)], "b"],
  ["the last of equal ones", [failure("a", 429, 4), failure("b", 429, 4)], "b"],
  ["the last where none is named", [failure("a", 429), failure("b", 429), failure("c", 500)], "b"],
  ["a named wait before none", [failure("a", 429, 9), failure("b", 429)], "a"],
  ["429 before 401", [failure("a", 401), failure("b", 429)], "b"],
  ["keys that rest count as 429", [failure("unsent", 429, 3), failure("b", 500)], "unsent"],
  ["the first 401 or 403", [failure("a", 500), failure("b", 403), failure("c", 401)], "b"],
  ["else the first", [failure("a", null), failure("b", 500)], "a"],
  ["what was sent before what was not", [failure("unsent", 529), failure("b", 500)], "b"],
  ["what was not where nothing was", [failure("unsent 1", 529), failure("unsent 2", 529)], "unsent 1"],
])("%s", (_, failures, expected) => expect(chooseFailure(failures).name).toBe(expected));
