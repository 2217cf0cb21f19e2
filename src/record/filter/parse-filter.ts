import { findNearest } from "../../config/find-nearest.ts";
import {
  everyRequest,
  type MemberCondition,
  numberMembers,
  type RecordFilter,
  type TextCondition,
} from "../record-filter.ts";
import { parseQuantity, parseStatus } from "./parse-quantity.ts";
import { parseTime } from "./parse-time.ts";
import { type FilterTerm, splitTerms } from "./split-terms.ts";

/** What a text asks for; or in one sentence what is wrong with it, and what is possible. */
export type ParsedFilter = { readonly filter: RecordFilter } | { readonly fault: string };

const textMembers: readonly TextCondition["member"][] = [
  "id",
  "session",
  "agent",
  "client",
  "kind",
  "model",
  "asked",
  "upstream",
  "rule",
  "error",
  "stop",
];
const flagNames: readonly RecordFilter["flags"][number][] = [
  "error",
  "changed",
  "retried",
  "estimated",
  "broken",
];
const otherMembers = ["is", "since", "until", "body"] as const;
const memberNames = [...textMembers, ...numberMembers, ...otherMembers];

const units = {
  status: "plain",
  sends: "plain",
  input: "tokens",
  output: "tokens",
  cached: "tokens",
  cost: "dollars",
  ms: "ms",
  first: "ms",
} as const;

/** What a member takes, for the one who wrote something else. */
const examples = {
  status: "429, 4xx or >=400",
  sends: ">1",
  input: ">100k",
  output: "<100",
  cached: ">=1m",
  cost: ">0.10",
  ms: ">30s",
  first: ">2s",
} as const;

/** More makes no sense, and none of them is free. */
const mostCharacters = 2000;
const mostTerms = 50;
const mostStars = 10;

class FilterFault extends Error {}

/**
 * Reads the filter language of the command line and of the page: words, and terms such as `model:glm*`, `status:>=400`,
 * `is:error` and `since:2h`. Times without a zone are those of this process. Never throws.
 */
export function parseFilter(text: string, nowMs: number = Date.now()): ParsedFilter {
  try {
    return { filter: readFilter(text, nowMs) };
  } catch (error) {
    if (error instanceof FilterFault) return { fault: error.message };
    throw error;
  }
}

function readFilter(text: string, nowMs: number): RecordFilter {
  if (text.length > mostCharacters)
    throw new FilterFault(`A filter has ${mostCharacters} characters at most.`);
  const split = splitTerms(text);
  if ("unclosed" in split) {
    throw new FilterFault(`The quotes of ${shorten(split.unclosed)} do not end, or end within a word.`);
  }
  if (split.terms.length > mostTerms) throw new FilterFault(`A filter has ${mostTerms} terms at most.`);
  return split.terms.reduce((filter, term) => addTerm(filter, term, nowMs), everyRequest);
}

function addTerm(filter: RecordFilter, term: FilterTerm, nowMs: number): RecordFilter {
  const { member: name, value, isNegated } = term;
  if (name === null) return addWord(filter, term);
  const member = memberNames.find((known) => known === name.toLowerCase());
  if (member === undefined) throw new FilterFault(explainUnknown(term, name));
  if (value === "") throw new FilterFault(`${member}: needs a value behind the colon.`);
  const textMember = textMembers.find((known) => known === member);
  if (textMember !== undefined) {
    if (value.split("*").length > mostStars + 1) {
      throw new FilterFault(`${shorten(term.source)} has more than ${mostStars} stars.`);
    }
    return { ...filter, texts: [...filter.texts, { member: textMember, pattern: value, isNegated }] };
  }
  if (isNegated) {
    throw new FilterFault(
      `${shorten(term.source)}: only ${listNames(textMembers)} can be excluded with a minus.`,
    );
  }
  const numberMember = numberMembers.find((known) => known === member);
  if (numberMember !== undefined) {
    return { ...filter, numbers: [...filter.numbers, ...readNumbers(numberMember, term)] };
  }
  if (member === "is") return { ...filter, flags: [...filter.flags, readFlag(value)] };
  if (member === "body") return { ...filter, bodyWords: [...filter.bodyWords, value] };
  return addTime(filter, term, { member, nowMs });
}

function addWord(filter: RecordFilter, { value, isNegated, source }: FilterTerm): RecordFilter {
  if (isNegated && value !== "") {
    throw new FilterFault(
      `${shorten(source)}: words cannot be excluded, only members: -model:${shorten(value)}`,
    );
  }
  return value === "" ? filter : { ...filter, words: [...filter.words, value] };
}

function readNumbers(member: MemberCondition["member"], { value, source }: FilterTerm): MemberCondition[] {
  const one = member === "status" ? null : parseQuantity(value, units[member]);
  const conditions = member === "status" ? parseStatus(value) : one === null ? null : [one];
  if (conditions === null) {
    throw new FilterFault(
      `${shorten(source)} is no number to compare with: write ${member}:${examples[member]}`,
    );
  }
  return conditions.map((condition) => ({ member, ...condition }));
}

function readFlag(value: string): RecordFilter["flags"][number] {
  const flag = flagNames.find((known) => known === value.toLowerCase());
  if (flag === undefined) {
    const names = flagNames.map((known) => `is:${known}`);
    throw new FilterFault(`is:${shorten(value)} is not known. There is ${listNames(names)}.`);
  }
  return flag;
}

function addTime(
  filter: RecordFilter,
  { value, source }: FilterTerm,
  { member, nowMs }: { member: string; nowMs: number },
): RecordFilter {
  const span = parseTime(value, nowMs);
  if (span === null) {
    throw new FilterFault(
      `${shorten(source)} is no time: write ${member}:2h, 7d, yesterday, 2026-11-30, 14:30 or "2026-11-30 14:30"`,
    );
  }
  // All conditions hold, so the narrower of two times does.
  return member === "since"
    ? { ...filter, sinceMs: Math.max(filter.sinceMs ?? span.startMs, span.startMs) }
    : { ...filter, untilMs: Math.min(filter.untilMs ?? span.endMs, span.endMs) };
}

function explainUnknown({ source }: FilterTerm, name: string): string {
  const nearest = findNearest(name.toLowerCase(), memberNames);
  const guess = nearest === null ? "" : ` Did you mean ${nearest}: ?`;
  return (
    `${shorten(name)}: is not known.${guess} There is ${listNames(memberNames)}. ` +
    `To search for the text itself, write "${shorten(source)}" with the quotes.`
  );
}

function listNames(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
