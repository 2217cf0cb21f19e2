import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A test as `bun test` names it. */
export interface NamedTest {
  /** Below the project's folder, with slashes. */
  file: string;
  /** With the names of the groups around it. */
  name: string;
  /** What it says that it holds, as the tables of `docs/` name it: `1.1:model`, `E14`, `row 12`, `F3`, `turn 51`. */
  ids: string[];
}

/** Matches no name, so that every test is listed and none is run. */
const nobody = "no-test-has-this-name";
const idPattern = /^(?:(?:R0(?:\.1)?|[EX]\d+|\d+(?:\.\d+)*)(?::[\w.-]+)?|F\d+|(?:row|turn) \d+)$/;

/**
 * All tests of the project, listed by `bun test` without running one, so that tables of tests count row by row.
 * @throws Error when a test file does not load.
 */
export async function listTests(projectFolder: string): Promise<NamedTest[]> {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-tests-"));
  try {
    const report = join(folder, "report.xml");
    const run = Bun.spawn(
      [
        process.execPath,
        "test",
        "--no-env-file",
        "-t",
        nobody,
        "--reporter=junit",
        `--reporter-outfile=${report}`,
      ],
      { cwd: projectFolder, stdout: "pipe", stderr: "pipe" },
    );
    const output = (await run.stdout.text()) + (await run.stderr.text());
    // That nothing matched is a failure to Bun, unless a group is left out as a whole: its tests it counts as skipped.
    const isListed = (await run.exited) === 0 || output.includes("matched 0 tests");
    if (!isListed) throw new Error(`the tests cannot be listed:\n${output}`);
    return readReport(readFileSync(report, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tests of a JUnit report. */
export function readReport(xml: string): NamedTest[] {
  return [...xml.matchAll(/<testcase ([^>]*)>/g)].map(([, attributes = ""]) => {
    const read = (name: string) =>
      decodeEntities(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "");
    const groups = read("classname").split(" > ").toReversed();
    const names = [...groups, read("name")].filter((name) => name !== "");
    const ids = names.flatMap(readIds);
    return { file: read("file").replaceAll("\\", "/"), name: names.join(" > "), ids: [...new Set(ids)] };
  });
}

/** The ids in the brackets at the start of a name: `[3.4:cost E14] …`, `[R0] [F12 row 6 71 5.4:retries] …`. */
export function readIds(name: string): string[] {
  const [bracket, inside = ""] = /^\s*\[([^\]]*)\]/.exec(name) ?? [];
  const ids = readWords(inside.split(" "));
  const areIds = bracket !== undefined && ids.every((id) => idPattern.test(id));
  return areIds ? [...ids, ...readIds(name.slice(bracket.length))] : [];
}

/** Numbers are rows or wrong turns behind that word only: rules have numbers, too. */
function readWords(words: readonly string[]): string[] {
  let kind = "";
  return words.flatMap((word) => {
    if (word === "row" || word === "turn") {
      kind = `${word} `;
      return [];
    }
    if (!/^\d+$/.test(word)) kind = "";
    return [kind + word];
  });
}

function decodeEntities(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (entity, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return names[name] ?? entity;
  });
}
