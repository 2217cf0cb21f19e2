import { expect, test } from "bun:test";
import { findCheckModel } from "../../src/routing/find-check-model.ts";
import { createFileConfig, type FileParts, upstreamSettings } from "../support/file-config.ts";

const find = (rules: Pick<FileParts, "routes" | "cases">) =>
  findCheckModel(
    createFileConfig({ upstreams: [upstreamSettings("one", "http://one.example/v1")], ...rules }),
  );

test.each<[string, Pick<FileParts, "routes" | "cases">, string]>([
  ["the small model has a line", { routes: { opus: "one/big", haiku: "one/small" } }, "haiku"],
  ["all models have one", { routes: { default: "one/any" } }, "haiku"],
  ["a pattern takes the small model", { routes: { "claude-*": "one/any" } }, "haiku"],
  [
    "only others have a line",
    { routes: { fable: "one/huge", opus: "one/big", sonnet: "one/mid" } },
    "sonnet",
  ],
  ["only an id has a line", { routes: { "gpt-*": "one/g", mine: "one/m" } }, "mine"],
  ["no line has a plain id", { routes: { "my model": "one/m" } }, "one/m"],
  ["an id has a star", { routes: { "gpt-*": "one/*" } }, "haiku"],
  ["a case is for it", { cases: [{ when: { kind: ["classifier"] }, to: "one/check" }] }, "haiku"],
  ["a case is for something else", { cases: [{ when: { images: true }, to: "one/eye" }] }, "haiku"],
  ["nothing leads anywhere", {}, "haiku"],
])("%s", (_, rules, expected) => {
  expect(find(rules)).toBe(expected);
});
