import type { CaseConditions, CaseRule, RouteRule } from "../file-config.ts";
import { findNearest } from "../find-nearest.ts";
import type { FileContext } from "./file-context.ts";
import type { WhenText } from "./file-schema.ts";
import { findSwallowedCases } from "./find-swallowed-cases.ts";
import { formatPath, type KeyPath } from "./key-path.ts";
import { readTargets } from "./parse-target.ts";

/** What a route may have in the place of a model's id or a pattern. */
const wordsOfRoutes: readonly string[] = ["fable", "opus", "sonnet", "haiku", "default"];

/** Builds the routes, in the order of the file. Faults are reported. */
export function buildRoutes(context: FileContext): RouteRule[] {
  const routes: RouteRule[] = [];
  const pathByPattern = new Map<string, KeyPath>();
  for (const [asked, to] of Object.entries(context.file.routes ?? {})) {
    const path: KeyPath = ["routes", asked];
    // Case and repeated stars make no difference to what matches.
    const pattern = asked.toLowerCase().replace(/\*+/g, "*");
    const same = pathByPattern.get(pattern);
    if (same !== undefined) context.report(path, `is the same as ${formatPath(same)}`);
    else pathByPattern.set(pattern, path);
    if (/\[1m\]$/i.test(asked)) {
      context.report(path, "can never match: [1m] is cut from the model asked for. Leave it out");
    }
    const near = guessTier(asked);
    if (near !== null)
      context.warn(path, `is taken for the id of a model, which it hardly is. Did you mean ${near}?`);
    const targets = readTargets(to, path, context);
    if (targets.length > 0) routes.push({ asked, targets, line: context.lineOf(path) });
  }
  if (pathByPattern.has("*")) {
    const hidden = wordsOfRoutes.filter((name) => pathByPattern.has(name));
    if (hidden.length > 0) {
      context.warn(["routes", "*"], `matches every model, so these are never reached: ${hidden.join(", ")}`);
    }
  }
  return routes;
}

/** The tier, or the default, that a word was probably meant to be; null for one of them and for ids of models. */
function guessTier(asked: string): string | null {
  if (wordsOfRoutes.includes(asked) || !/^[a-z]+$/i.test(asked)) return null;
  const word = asked.toLowerCase();
  return wordsOfRoutes.includes(word) ? word : findNearest(word, wordsOfRoutes);
}

/** Builds the cases, in the order of the file. Faults are reported, and so are cases that can never match. */
export function buildCases(context: FileContext): CaseRule[] {
  const cases: CaseRule[] = [];
  const paths = new Map<CaseRule, KeyPath>();
  for (const [position, { when, to }] of (context.file.cases ?? []).entries()) {
    const path: KeyPath = ["cases", context.caseIndexes[position] ?? position];
    checkClient(when, path, context);
    const targets = readTargets(to, [...path, "to"], context);
    const rule = { when: readConditions(when), targets, line: context.lineOf(path) };
    paths.set(rule, path);
    cases.push(rule);
  }
  for (const { case: rule, by } of findSwallowedCases(cases)) {
    const [path, earlier] = [paths.get(rule), paths.get(by)];
    if (path === undefined || earlier === undefined) continue;
    const where = `${formatPath(earlier)} on line ${by.line}`;
    const why =
      Object.keys(by.when).length === 0 ? "holds for every request" : "holds whenever this one does";
    context.report(path, `can never match, because ${where} ${why}. Move it up, or remove it`);
  }
  return cases.filter(({ targets }) => targets.length > 0);
}

function readConditions({ kind, ...when }: WhenText): CaseConditions {
  const set = Object.entries(when).filter(([, value]) => value !== undefined);
  const conditions: CaseConditions = Object.fromEntries(set);
  return kind === undefined ? conditions : { ...conditions, kind: typeof kind === "string" ? [kind] : kind };
}

function checkClient({ client }: WhenText, path: KeyPath, { clientNames, show, report }: FileContext): void {
  if (client === undefined || clientNames.includes(client)) return;
  const near = findNearest(client, clientNames);
  const there =
    clientNames.length === 0 ? ", and the file has no clients" : `. There are ${clientNames.join(", ")}`;
  const place = [...path, "when", "client"];
  report(place, `${show(place, client)}is no client${near === null ? there : `. Did you mean ${near}?`}`);
}
