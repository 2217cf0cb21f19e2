import type { z } from "zod";
import { findNearest } from "../find-nearest.ts";
import { listKeys } from "./file-schema.ts";
import {
  createTextShower,
  type Fault,
  formatPath,
  isSecretPlace,
  type KeyPath,
  valueAt,
} from "./key-path.ts";
import { findOtherPlace } from "./server-settings.ts";

type Issue = z.core.$ZodIssue;

/** What an issue is described with. */
export interface IssueContext {
  readonly data: unknown;
  /** Whether the text at a path has a reference, so that it may be a secret. */
  readonly hasReference: (path: KeyPath) => boolean;
}

/** Keys of similar programs, with the ones of this file. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["baseurl", "url"],
  ["apibase", "url"],
  ["endpoint", "url"],
  ["apikey", "key"],
  ["token", "key"],
  ["apikeys", "keys"],
  ["extraheaders", "headers"],
  ["extrabody", "body"],
  ["timeout", "timeouts"],
  ["maxconcurrency", "concurrency"],
  ["proxy", "http_proxy"],
  ["wireapi", "protocol"],
  ["aliases", "models"],
  ["provider", "profile"],
  ["providers", "upstreams"],
  ["router", "routes"],
  ["rules", "cases"],
  ["users", "clients"],
  ["contextwindow", "window"],
  ["context", "window"],
  ["maxtokens", "max_output"],
  ["vision", "images"],
  ["thinking", "reasoning"],
  ["if", "when"],
  ["target", "to"],
  ["targets", "to"],
]);

const squash = (key: string) => key.toLowerCase().replace(/[_-]/g, "");

/** The key that was probably meant by one that is none. */
function guessKey(key: string, keys: readonly string[]): string | null {
  const squashed = squash(key);
  const synonym = synonyms.get(squashed);
  const same = keys.find((known) => squash(known) === squashed);
  return same ?? (synonym !== undefined && keys.includes(synonym) ? synonym : findNearest(key, keys));
}

/** Turns what the schema found into faults that a person can mend; none shows a secret. */
export function describeIssue(issue: Issue, context: IssueContext, before: KeyPath = []): Fault[] {
  const path: KeyPath = [...before, ...issue.path.map((key) => (typeof key === "symbol" ? "" : key))];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: [...path, key], text: describeUnknownKey(key, path) }));
    case "invalid_union": {
      const nested = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0));
      if (nested !== undefined) return nested.flatMap((inner) => describeIssue(inner, context, path));
      const named = issue.errors.flat().find(({ code }) => code === "invalid_value");
      if (named !== undefined && typeof valueAt(context.data, path) === "string") {
        return describeIssue(named, context, path);
      }
      // The kind was right, and the value was not.
      const refined = issue.errors
        .flat()
        .find(({ code }) => code !== "invalid_type" && code !== "invalid_value");
      return [{ path, text: describeValue(refined?.message ?? issue.message, path, context) }];
    }
    case "invalid_key":
      return [{ path, text: issue.issues[0]?.message ?? "is no name" }];
    case "invalid_value": {
      const values = issue.values.map(String);
      const value = valueAt(context.data, path);
      const near = typeof value === "string" ? guessKey(value, values) : null;
      const rest = near === null ? "" : `. Did you mean ${near}?`;
      const isMissing = value === undefined || value === null;
      return [
        {
          path,
          text: isMissing
            ? describeMissing(value, path)
            : `${showValue(path, context)}is not one of ${values.join(", ")}${rest}`,
        },
      ];
    }
    case "invalid_type":
      return [{ path, text: describeType(issue, path, context) }];
    default:
      return [{ path, text: describeValue(issue.message, path, context) }];
  }
}

function describeUnknownKey(key: string, path: KeyPath): string {
  const keys = listKeys(path);
  const other = path[0] === "server" ? findOtherPlace(key) : null;
  if (other !== null) return `does not stand here: ${other}`;
  const near = guessKey(key, keys);
  return near === null
    ? `is no key here. There are ${keys.join(", ")}`
    : `is no key here. Did you mean ${near}?`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map, with lines of the form key: value",
  record: "a map, with lines of the form key: value",
};

function describeType(
  issue: Extract<Issue, { code: "invalid_type" }>,
  path: KeyPath,
  context: IssueContext,
): string {
  const value = valueAt(context.data, path);
  if (value === undefined || value === null) return describeMissing(value, path);
  const isScalar = typeof value === "number" || typeof value === "boolean";
  if (issue.expected === "string" && isScalar) {
    const kind = typeof value === "number" ? "a number" : "true or false";
    const example = isSecretPlace(path) || context.hasReference(path) ? "" : `: "${value}"`;
    return `is ${kind} in YAML, and a text is expected. Put it in quotes${example}`;
  }
  const fault = `must be ${typeWords[issue.expected] ?? issue.expected}, and is ${typeOf(value)}`;
  const example = exampleOf(path);
  return example === null ? fault : `${fault}. Example: ${example}`;
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "a text" : typeof value === "number" ? "a number" : "true or false";
}

function describeMissing(value: null | undefined, path: KeyPath): string {
  if (path.length === 0)
    return `is empty. It needs at least upstreams: { openrouter: { key: "\${OPENROUTER_API_KEY}" } }`;
  if (formatPath(path) === "upstreams")
    return `is missing. Example: upstreams: { openrouter: { key: "\${OPENROUTER_API_KEY}" } }`;
  const fault = value === null ? "has no value" : "is missing";
  const example = exampleOf(path);
  return example === null ? fault : `${fault}. Example: ${example}`;
}

/** What may stand at a place that people write in another form. */
function exampleOf(path: KeyPath): string | null {
  const [section, name, member] = path;
  if (section === "cases") {
    if (name === undefined) return "- { when: { images: true }, to: UPSTREAM/MODEL }";
    if (path.length === 3 && member === "when") return "when: { images: true }";
    return path.length === 3 && member === "to" ? "to: UPSTREAM/MODEL" : null;
  }
  const isEntry = path.length === 2 && (section === "upstreams" || section === "clients");
  return isEntry ? `{ key: "\${NAME}" }` : null;
}

function describeValue(message: string, path: KeyPath, context: IssueContext): string {
  const value = valueAt(context.data, path);
  if (value === undefined || value === null) return describeMissing(value, path);
  return `${showValue(path, context)}${message}`;
}

/** The value with a blank behind it; nothing if it may be a secret, or is no text or number. */
function showValue(path: KeyPath, context: IssueContext): string {
  const value = valueAt(context.data, path);
  if (typeof value === "string") return createTextShower(context.hasReference)(path, value);
  if (isSecretPlace(path)) return "";
  return typeof value === "number" ? `${value} ` : "";
}
