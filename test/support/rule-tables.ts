import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedTest } from "./list-tests.ts";

/** A line of a table in `docs/` that tests hold. */
export interface Rule {
  /** As tests carry it in their names: `1.1:model`, `E14`, `row 12`, `F3`, `turn 51`. */
  id: string;
  /** How binding it is: `MUST`, `SHOULD`, `MAY`, or `MAY, left out: ` and why the program does not do it. */
  level: string;
  /** The first word of the heading above its table, which is the section's id. */
  heading: string;
  /** `docs/mapping.md:95` */
  place: string;
}

const levelPattern = /^(?:MUST|SHOULD|MAY|MAY, left out: \S.*)$/;
const ruleHeader = "| Rule | What happens | Level |";
/** Tables whose ids are numbers, each with the word that tests put before them. */
const numberedHeaders = new Map([
  ["| row | fault | what is seen |", "row"],
  ["| turn | what a person does | what is said |", "turn"],
]);

/** The rules of docs/mapping.md, and the rows and wrong turns of docs/reliability.md. */
export function readRuleTables(projectFolder: string): Rule[] {
  return ["docs/mapping.md", "docs/reliability.md"].flatMap((page) =>
    readRules(page, readFileSync(join(projectFolder, page), "utf8")),
  );
}

/**
 * The rules of one page. Tables with other headers are passed over.
 * @throws Error when a line of a table has not as many cells as its header, or an empty one.
 */
export function readRules(page: string, text: string): Rule[] {
  let heading = "";
  let header = "";
  return text.split("\n").flatMap((line, index) => {
    heading = /^#+ (\S+)/.exec(line)?.[1] ?? heading;
    if (!line.startsWith("|")) header = "";
    else if (header === "") header = line;
    const isRow = header !== line && !line.startsWith("|---");
    const word = numberedHeaders.get(header);
    if (!isRow || (header !== ruleHeader && word === undefined)) return [];
    const place = `${page}:${index + 1}`;
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    const [id = "", , last = ""] = cells.map((cell) => cell.trim());
    if (cells.length !== 3 || cells.some((cell) => cell.trim() === ""))
      throw new Error(`${place} needs three cells with text; a | inside of one is written \\|: ${line}`);
    if (word === undefined) return [{ id: id.replaceAll("`", ""), level: last, heading, place }];
    return [{ id: id.startsWith("F") ? id : `${word} ${id}`, level: "MUST", heading, place }];
  });
}

/**
 * What is wrong between tables and tests, a line each, with the way out. Only the exact id counts: a test of a section
 * (`[2.4]`) says that it is about all of it and stands for none of its rules.
 */
export function findFaults(rules: readonly Rule[], tests: readonly NamedTest[]): string[] {
  const sections = new Set(rules.flatMap(({ id }) => enclosingSections(id)));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const holders = new Map(tests.flatMap((test) => test.ids.map((id) => [id, test])));
  const ofRules = rules.flatMap((rule) => findFaultsOfRule(rule, byId.get(rule.id), holders.get(rule.id)));
  const ofTests = [...holders]
    .filter(([id]) => !byId.has(id) && !sections.has(id))
    .map(
      ([id, { file, name }]) =>
        `${file}: [${id}] is in no table of docs/; correct it in the test's name, or write its line: ${name}`,
    );
  return [...ofRules, ...ofTests];
}

function findFaultsOfRule(rule: Rule, last: Rule | undefined, holder: NamedTest | undefined): string[] {
  const { id, level, heading, place } = rule;
  const isLeftOut = level.startsWith("MAY, left out: ");
  const faults = [
    last !== rule && `[${id}] is also in ${last?.place}; give one of them another id`,
    !levelPattern.test(level) &&
      `[${id}] is "${level}"; write MUST, SHOULD, MAY, or "MAY, left out: " and why`,
    /^[\dR]/.test(id) &&
      !enclosingSections(id).includes(heading) &&
      `[${id}] stands in section ${heading}; move it to its own`,
    isLeftOut && holder !== undefined && `[${id}] is left out, but ${holder.file} has a test of it`,
    !isLeftOut &&
      holder === undefined &&
      `no test holds [${id}]; begin the name of one with it, or take the line out`,
  ];
  return faults.filter((fault) => fault !== false).map((fault) => `${place}: ${fault}`);
}

/** `1.3.1:kimi` is in `1.3.1`, `1.3` and `1`. */
function enclosingSections(id: string): string[] {
  const parts = id.replace(/:.*$/, "").split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}
