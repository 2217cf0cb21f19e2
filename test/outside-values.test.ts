import { describe, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCoercions } from "./support/outside-values.ts";

/**
 * Values from outside are read by `textOfScalar`, `readWholeNumber` and `readDecimal`, and their names are looked up in
 * maps or behind `Object.hasOwn`. The types tell where they are not: an `unknown` in a template, a text in `Number()`, a
 * `string` as the key of an object.
 */
const src = realpathSync(join(import.meta.dir, "../src"));

/** Files, what stands in them, and why it may: nobody outside decides on it, or it was looked at before. */
const allowed: readonly [file: string, text: string, reason: string][] = [
  ["json/whole-number.ts", "value", "the one place; behind a pattern"],

  ["cli/commands/count.ts", "cause", "what a worker threw, a text"],
  ["postgres/postgres-error.ts", "error", "what was thrown"],
  ["record/writing/shared-sink.ts", "error", "what was thrown"],
  ["cli/commands/learned.ts", "cause", "what was thrown"],
  ["cli/commands/models.ts", "cause", "what was thrown"],
  ["cli/commands/route.ts", "cause", "what was thrown"],
  ["cli/read-input.ts", "error", "what was thrown"],
  ["cli/reload/create-reloader.ts", "error", "what was thrown"],
  ["config/watch-files.ts", "error.code", "of an error that was thrown"],
  ["relay/facts-store.ts", "cause", "what was thrown"],
  ["cli/report-failure.ts", "error", "what was thrown"],
  ["logging/format-event-line.ts", "value", "the program's own fields"],
  ["logging/record-writer.ts", "error", "what was thrown"],
  ["relay/create-relay.ts", "cause", "what was thrown"],
  ["server/listen.ts", "cause.code", "of an error that was thrown"],
  ["relay/report-thrown.ts", "thrown", "what was thrown"],

  ["config/file/edit-yaml.ts", "document", "a document of YAML writes itself"],
  ["takeover/parse-shape.ts", "issue?.path", "zod's way to a place in the file"],
  ["cli/count/parse-counted.ts", "issue?.path", "zod's way to a JSON value: names and numbers"],
  ["config/config-schema.ts", "values", "written there"],
  ["config/list-settings.ts", "Object.values(value)", "two numbers of our own configuration"],
  ["config/parse-settings.ts", "issue.path[0]", "zod's way to a setting, a name"],
  ["demo/chat/answer-chat-request.ts", "issue?.path", "zod's way to a JSON value"],
  ["cli/route/parse-messages-request.ts", "issue?.path", "zod's way to a JSON value"],
  ["anthropic/check-request.ts", "issue.path", "zod's way to a JSON value"],
  ["cli/format-file.ts", "value", "conditions of our own file"],
  ["json/list-entries.ts", "JSON.parse(text)", "a text in quotes"],
  ["relay/pass-through/passed-request.ts", "new URLSearchParams({ beta })", "writes what it is made of"],

  ["cli/commands/service.ts", "options.lines", "behind a pattern"],
  ["demo/demonstration-upstream.ts", "port", "of our own server"],
  ["server/read-body.ts", "piece.byteLength", "a number: Bun gives no type to the pieces of a body"],

  ["cli/commands/serve.ts", "values[option.attributeName()]", "commander's own options"],
  ["cli/demo/wire-entry.ts", "object[name]", "names written there"],
  ["postgres/postgres-connection.ts", "row[name]", "its own keys"],
  ["record/writing/build-spooled-row.ts", "request[name]", "names written there"],
  ["cli/service/plan-service.ts", "env[name]", "names written there"],
  ["config/load-config.ts", "env[name]", "names written there"],
  ["config/load-config.ts", "envFile?.values[name]", "names written there"],
  ["demo/responses/build-response.ts", "asked[name]", "names written there"],
  ["demo/sample-of-schema.ts", "object[name]", "behind Object.hasOwn"],
  ["json/parse-pieces.ts", "object[key]", "written, but for `__proto__`"],
  ["upstream/encode-in-turns.ts", "value[key]", "its own keys"],
  ["upstream/upstream-client.ts", "added[name]", "its own keys"],
  ["config/file/parse-target.ts", "upstreams[upstream]", "behind Object.hasOwn"],
  ["relay/client-head.ts", "picked[name]", "written, from names of headers"],
  ["relay/client-head.ts", "headers[name]", "its own keys"],
  ["relay/pass-through/passed-headers.ts", "picked[name]", "written, from names of headers"],
  ["relay/pass-through/passed-headers.ts", "all[name]", "its own keys"],
  ["learned/learned-file.ts", "entry[name]", "names written there"],
  ["knowledge/facts.ts", "object[member]", "names written there"],
  ["knowledge/facts.ts", "value[name]", "names written there"],
  ["translate/refusals/parse-shared-repair.ts", "value[member]", "names written there"],
  ["protocols/chat/repair/apply-repair.ts", "chatRequest[field]", "of a repair: a name that the request had"],
  ["protocols/chat/repair/describe-sent.ts", "sent[field]", "names written there"],
  ["translate/refusals/add-shared-traits.ts", "sent[field]", "its own keys"],
  ["protocols/responses/repair/omit-field.ts", "sent[owner]", "of a repair: a name that the request had"],
  ["translate/tools/clean-schema-for-gemini.ts", "cleaned[keyword]", "written, from a list of keywords"],
  ["translate/tools/clean-schema-for-kimi.ts", "cleaned[keyword]", "written: at the worst it is lost"],
  ["translate/conversation/describe-server-tool.ts", "content[key]", "names written there"],
  ["translate/tools/find-definition.ts", "found[name]", "behind Object.hasOwn"],
  ["translate/conversation/pass-known-fields.ts", "passed[key]", "written, from the profile's list of keys"],
  ["translate/answer/usage-counts.ts", "usage[details]", "names written there"],
  ["translate/answer/usage-counts.ts", "object[name]", "names written there"],
  ["translate/answer/answer-room.ts", "value[member]", "its own keys"],
  ["protocols/chat/answer/reasoning-collector.ts", "last[member]", "names written there"],
  ["protocols/chat/answer/reasoning-collector.ts", "detail[member]", "names written there"],
  ["record/sql/read-row.ts", "row[column]", "names of columns, written there"],
  ["record/sql/read-row.ts", "changes[name]", "names written there"],
  ["protocols/responses/answer/reasoning-items.ts", "item[member]", "names written there"],
  ["protocols/responses/answer/reasoning-items.ts", "detail[member]", "names written there"],

  ["config/foreign-variables.ts", "text", "behind a pattern"],
  ["config/setting-rules.ts", 'text.replace("$", "")', "behind a pattern"],
  ["server/start-tracing.ts", "port", "of a parsed address"],
  ["cli/clients/parse-changes.ts", "text", "behind a pattern"],
  ["cli/statusline/client-state.ts", "usage[name]", "names written there"],
  ["cli/statusline/show-status-line.ts", "error.code", "of an error that was thrown"],
  ["cli/dashboard/open-browser.ts", "env[name]", "names written there"],
  ["cli/replay/read-answer.ts", "usage[name]", "names written there"],
  ["relay/trace/build-recorded-head.ts", "told[lowerName]", "written, from names of headers"],
  ["server/dashboard/build-upstreams-answer.ts", "cause", "what was thrown"],
  ["server/start-recording.ts", "cause", "what was thrown"],
  ["team/start-team.ts", "cause", "what was thrown"],
  ["budget/create-budgets.ts", "cause", "what was thrown"],
  ["metrics/list-families.ts", "isHealthy", "a flag, as 1 or 0"],
  ["record/prefix/is-same-but-marks.ts", "one[name]", "its own keys; what is found is only compared"],
  ["record/prefix/is-same-but-marks.ts", "other[name]", "its own keys; what is found is only compared"],
  ["record/sqlite/describe-fault.ts", "error", "what was thrown"],
  ["record/sqlite/open-record-file.ts", "row?.[pragma]", "names written there"],
  ["record/sqlite/request-columns.ts", "value", "a flag, as 1 or 0"],
  ["record/sqlite/request-columns.ts", "columns[name]", "names of columns, written there"],
  ["record/writing/pack-body.ts", "body.isCut", "a flag, as 1 or 0"],
  ["record/writing/record-writer.ts", "cause", "what was thrown"],
  ["dashboard/page/api/check.ts", "value[name]", "names written there"],
  ["dashboard/page/exchange/describe-place.ts", "index", "behind a pattern"],
  ["dashboard/page/shell/route.ts", "query", "writes what it is made of"],
  ["dashboard/page/usage/usage-figures.ts", "left === null", "a flag, as 1 or 0"],
  ["dashboard/page/usage/usage-figures.ts", "right === null", "a flag, as 1 or 0"],
];

test("[F13 F14 F15] nothing from outside is coerced, or looked up in a plain object", async () => {
  const found = await findCoercions(join(src, "../tsconfig.json"), src);
  const places = found.map(({ file, fault, text }) => ({
    file: file.slice(src.length + 1).replaceAll("\\", "/"),
    fault,
    text,
  }));
  const isAllowed = (place: { file: string; text: string }) =>
    allowed.some(([file, text]) => file === place.file && text === place.text);
  expect(places.filter((place) => !isAllowed(place))).toEqual([]);
  // A search that finds nothing any more has stopped looking.
  expect(places.length).toBeGreaterThan(20);
}, 60_000);

describe("the check itself sees", () => {
  const sample = `
declare const outside: unknown;
declare const outsideObject: { [key: string]: unknown };
declare const known: string;
declare const names: string[];
declare const list: unknown[];
declare const anyList: any[];
declare const table: Record<string, number>;
declare const closed: { a: number; b: number };
declare const key: "a" | "b";
declare const pair: [a: string, ...rest: number[]];
declare const badPair: readonly [unknown, number];
export const bad = [
  \`a \${outside}\`,
  String(outsideObject["a"]),
  "a" + outside,
  list.join(", "),
  anyList.join(", "),
  Number(known),
  +known,
  parseInt(known, 10),
  table[known],
  outsideObject[known],
  badPair.join(),
];
export const good = [
  \`a \${known} \${names.length} \${null}\`,
  String(known),
  "a" + known,
  names.join(", "),
  Number(5n),
  closed[key],
  names[0],
  pair.join(),
  pair[1],
  new Map<string, number>().get(known),
];
export function caught(): string {
  try {
    return known;
  } catch (error) {
    return String(error);
  }
}
`;

  test("each of the faults, and nothing wrong in what is like them", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "outside-values-")));
    try {
      writeFileSync(join(folder, "sample.ts"), sample);
      const config = { compilerOptions: { strict: true, noEmit: true, target: "ESNext", lib: ["ESNext"] } };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...config, include: ["*.ts"] }));
      const found = await findCoercions(join(folder, "tsconfig.json"), folder);
      expect(found.map(({ fault, text }) => `${fault}: ${text}`)).toEqual([
        "text: outside",
        'text: outsideObject["a"]',
        "text: outside",
        "text: list",
        "text: anyList",
        "number: known",
        "number: known",
        "number: known",
        "lookup: table[known]",
        "lookup: outsideObject[known]",
        "text: badPair",
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
