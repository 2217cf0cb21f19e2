import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findStartImports } from "../../performance/find-start-imports.ts";
import { createRecordFile, type RowColumns, writeRecordFile } from "../recorded-rows.ts";

const main = join(import.meta.dir, "../../../src/main.ts");
const program = `${process.execPath} --no-env-file ${main}`;

let home: string;
let folder: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "status-line-"));
  folder = join(home, ".local/state/claude-proxy");
  path = join(folder, "record.sqlite");
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What Claude Code 2.1.332 writes to a status line after its second turn, with what matters and some that does not. */
const client = {
  session_id: "session-1",
  cwd: "/elsewhere",
  model: { id: "claude-opus-5-5", display_name: "Opus 5.5" },
  workspace: { current_dir: "/srv/project", project_dir: "/srv/project", added_dirs: [] },
  cost: { total_cost_usd: 99.5 },
  context_window: {
    context_window_size: 1_000_000,
    current_usage: {
      input_tokens: 2000,
      output_tokens: 500,
      cache_creation_input_tokens: 3000,
      cache_read_input_tokens: 40_000,
    },
    used_percentage: 4,
  },
};

interface RunOptions {
  readonly args?: readonly string[];
  readonly stdin?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

async function run({ args = ["--no-color"], stdin = client, env = {} }: RunOptions = {}) {
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "statusline", ...args], {
    env: { HOME: home, PATH: process.env["PATH"] ?? "", ...env },
    stdin: Buffer.from(typeof stdin === "string" ? stdin : JSON.stringify(stdin)),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, out, err };
}

const line = (out: string) => ({ exitCode: 0, out: `${out}\n`, err: "" });
const format = async (text: string, options: RunOptions = {}) =>
  (await run({ ...options, args: ["--format", text] })).out;

/** An answer of the session: 10,000 tokens, 9,000 of them from the cache, and a cent. */
const answer: RowColumns = {
  session: "session-1",
  asked_model: "claude-opus-5-5",
  upstream: "openrouter",
  model: "z-ai/glm-5.3",
  window: 131_072,
  input_tokens: 800,
  cache_read_tokens: 9000,
  cache_write_tokens: 200,
  output_tokens: 500,
  cost_picousd: 10_000_000_000,
};

test("the line says who answers really, how full the true window is, and what it cost", async () => {
  writeRecordFile(path, [answer, { ...answer, input_tokens: 12_800 }]);
  expect(await run()).toEqual(
    line("z-ai/glm-5.3 · context 23k/131k 17% · session $0.02 · today $0.02 · cache 56%"),
  );
});

test("the separators are grey unless nobody wants colour", async () => {
  writeRecordFile(path, [answer]);
  const args = ["--format", "{model} · {cache}"];
  expect(await run({ args })).toEqual(line("z-ai/glm-5.3\u001b[38;5;243m · \u001b[39m90%"));
  const plain = line("z-ai/glm-5.3 · 90%");
  expect(await run({ args: [...args, "--no-color"] })).toEqual(plain);
  expect(await run({ args, env: { NO_COLOR: "1" } })).toEqual(plain);
});

test("titles, suggestions, counts, sub-agents and failures are not the conversation, but part of its cost", async () => {
  const other = { ...answer, model: "tiny", window: 1000 };
  writeRecordFile(path, [
    answer,
    { ...other, kind: "title" },
    { ...other, kind: "suggestion" },
    { ...other, kind: "aside" },
    { ...other, kind: "subagent", agent: "a1" },
    { ...other, path: "/v1/messages/count_tokens", kind: "count", cost_picousd: null, output_tokens: null },
    { ...other, status: 529, error_type: "overloaded_error", output_tokens: null, cost_picousd: null },
    { ...other, error_type: "api_error", output_tokens: null, cost_picousd: null },
    // Esc was pressed: that is no error here, as in `usage` and on the page.
    { ...other, status: 499, output_tokens: null, cost_picousd: null },
    { ...other, session: "session-2", cost_picousd: 5_000_000_000_000 },
  ]);
  expect(await format("{model} {context} {session_cost} {today_cost} {requests} {errors}")).toBe(
    "z-ai/glm-5.3 11k/131k 8% $0.05 + ? $5.05 + ? 8 2\n",
  );
});

test("behind a compaction the context is its answer, and what the shortest prompt had, until the next turn", async () => {
  const large = { ...answer, input_tokens: 90_800 };
  const compaction = { ...large, kind: "compaction", model: "tiny", window: 1000, output_tokens: 3000 };
  const turns = [answer, { ...large, kind: "main" }];
  const nowMs = Date.now();
  const write = (rows: RowColumns[]) => {
    for (const ending of ["", "-wal", "-shm"]) rmSync(path + ending, { force: true });
    writeRecordFile(
      path,
      rows.map((row, at) => ({ ...row, time: nowMs - 1000 + at })),
    );
  };
  write([...turns, compaction]);
  expect(await format("{model} {context}")).toBe("z-ai/glm-5.3 13k/131k 10%\n");
  write([...turns, { ...compaction, status: 529, error_type: "overloaded_error", output_tokens: null }]);
  expect(await format("{context}")).toBe("101k/131k 77%\n");
  write([...turns, { ...compaction, agent: "a1" }]);
  expect(await format("{context}")).toBe("101k/131k 77%\n");
  write([...turns, compaction, { ...answer, input_tokens: 5800 }]);
  expect(await format("{context}")).toBe("16k/131k 12%\n");
});

test("the last answer counts, whichever was written last", async () => {
  const nowMs = Date.now();
  writeRecordFile(path, [
    { ...answer, model: "newest", time: nowMs },
    { ...answer, model: "older", time: nowMs - 1000 },
  ]);
  expect(await format("{model}")).toBe("newest\n");
});

test("before the first answer the client says its model, and nothing was spent yet", async () => {
  writeRecordFile(path, [{ ...answer, session: "session-2" }]);
  const stdin = { ...client, context_window: { current_usage: null } };
  expect(await run({ stdin })).toEqual(line("Opus 5.5 · context ? · session $0.00 · today $0.01 · cache ?"));
});

test.each([
  ["known", [10_000_000_000], "$0.01"],
  ["nothing", [0], "$0.00"],
  ["less than a cent", [4_000_000_000], "<$0.01"],
  ["much", [1_234_567_000_000_000], "$1234.57"],
  ["not known", [null], "?"],
  ["partly known", [1_240_000_000_000, null], "$1.24 + ?"],
])("a cost that is %s", async (_name, costs, text) => {
  writeRecordFile(
    path,
    costs.map((cost_picousd) => ({ ...answer, cost_picousd })),
  );
  expect(await format("{session_cost}|{today_cost}")).toBe(`${text}|${text}\n`);
});

test.each([
  [null, null, "?"],
  [999, 9949, "999/9.9k 10%"],
  [9951, 999_499, "10k/999k 1%"],
  [999_500, 2_000_000, "1M/2M 50%"],
  [1234, null, "1.2k/?"],
  [null, 200_000, "?/200k"],
])("a context of %p in a window of %p tokens is %s", async (tokens, window, text) => {
  const prompt = tokens === null ? null : tokens - 1;
  writeRecordFile(path, [
    {
      ...answer,
      cache_read_tokens: null,
      cache_write_tokens: null,
      input_tokens: prompt,
      output_tokens: 1,
      window,
    },
  ]);
  expect(await format("{context}")).toBe(`${text}\n`);
});

test("today begins at midnight where the user is", async () => {
  // A place without a change of the clock, fourteen hours before Greenwich.
  const [dayMs, ahead] = [86_400_000, 14 * 3_600_000];
  const midnight = Math.floor((Date.now() + ahead) / dayMs) * dayMs - ahead;
  writeRecordFile(path, [
    { ...answer, time: midnight - 1 },
    { ...answer, time: midnight },
  ]);
  expect(await format("{session_cost} {today_cost}", { env: { TZ: "Pacific/Kiritimati" } })).toBe(
    "$0.02 $0.01\n",
  );
});

test("without TZ, today begins at midnight in the system's zone", async () => {
  const script = "console.log(new Date().setHours(0, 0, 0, 0))";
  const zone = Bun.spawn([process.execPath, "--no-env-file", "-e", script], { env: { HOME: home } });
  const midnight = Number(await new Response(zone.stdout).text());
  writeRecordFile(path, [
    { ...answer, time: midnight - 1 },
    { ...answer, time: midnight },
  ]);
  expect(await format("{session_cost} {today_cost}")).toBe("$0.02 $0.01\n");
});

test("without a record the client's own counts are shown, not its window and its costs; nothing is written", async () => {
  const expected = line("Opus 5.5 · context 46k/? · session ? · today ? · cache ?");
  expect(await run()).toEqual(expected);
  expect(existsSync(join(home, ".local"))).toBe(false);
});

test("a record at rest is read without a trace", async () => {
  writeRecordFile(path, [answer]);
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  expect(await format("{model}")).toBe("z-ai/glm-5.3\n");
  expect(readdirSync(folder)).toEqual(["record.sqlite"]);
});

test("what a running proxy has just written is seen, and a lock is not waited for", async () => {
  const db = createRecordFile(path, [answer]);
  expect(await format("{model} {requests}")).toBe("z-ai/glm-5.3 1\n");
  db.run("begin exclusive");
  expect(await format("{model} {requests}")).toBe("z-ai/glm-5.3 1\n");
  db.run("rollback");
  db.run("pragma locking_mode = exclusive");
  db.run("update requests set model = 'other'");
  expect(await run({ args: ["--format", "{model} {requests}"] })).toEqual(line("Opus 5.5 ?"));
  db.close();
});

test("a file that is no record costs the line nothing but what it would say", async () => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "no database, but long enough to be taken for one by its size ".repeat(50));
  expect(await run({ args: ["--format", "{model} {today_cost}"] })).toEqual({
    exitCode: 0,
    out: "Opus 5.5 ?\n",
    err: `The record cannot be read (SQLITE_NOTADB): ${path}\n`,
  });
});

test.each([
  "",
  "nonsense",
  "[1]",
  '{"model":"x","session_id":7,"workspace":[],"context_window":{"current_usage":1}}',
])("a line is printed whatever the client says: %s", async (stdin) => {
  expect(await run({ stdin })).toEqual(line("? · context ? · session ? · today ? · cache ?"));
});

test("a line that is too wide loses its last parts, then its end", async () => {
  writeRecordFile(path, [answer]);
  const at = async (columns: string) => (await run({ env: { COLUMNS: columns } })).out;
  expect(await at("80")).toBe(
    "z-ai/glm-5.3 · context 11k/131k 8% · session $0.01 · today $0.01 · cache 90%\n",
  );
  expect(await at("60")).toBe("z-ai/glm-5.3 · context 11k/131k 8% · session $0.01\n");
  expect(await at("20")).toBe("z-ai/glm-5.3\n");
  expect(await at("8")).toBe("z-ai/gl…\n");
});

test("nothing from outside controls the terminal", async () => {
  writeRecordFile(path, [
    { ...answer, model: "glm\u001b]0;title\u0007\n\u202e5", upstream: "up\r\u009b31m" },
  ]);
  expect(
    await format("{model} {upstream} {cwd}", {
      stdin: { ...client, workspace: { current_dir: "/srv/\u001b[2Jx" } },
    }),
  ).toBe("glm]0;title5 up31m /srv/[2Jx\n");
});

test("a format has these names", async () => {
  writeRecordFile(path, [answer]);
  expect(
    await format(
      "{model}|{upstream}|{asked}|{context}|{context_tokens}|{window}|{percent}|{session_cost}|{today_cost}|{cache}|{requests}|{errors}|{cwd}",
      { stdin: { ...client, workspace: { current_dir: `${home}/a` } } },
    ),
  ).toBe("z-ai/glm-5.3|openrouter|claude-opus-5-5|11k/131k 8%|11k|131k|8%|$0.01|$0.01|90%|1|0|~/a\n");
});

test("braces that enclose no name stay as they are", async () => {
  writeRecordFile(path, [answer]);
  expect(await format("}{ {{requests}} {a{errors} {requests")).toBe("}{ {1} {a0 {requests\n");
  expect(await format("{requests}{errors}}")).toBe("10}\n");
  expect(await run({ args: ["--format", "a{}b"] })).toMatchObject({ exitCode: 2, out: "" });
});

test("an unknown name is refused, and the known ones are told", async () => {
  expect(await run({ args: ["--format", "{model} {cost\u001b}"] })).toEqual({
    exitCode: 2,
    out: "",
    err:
      "--format has no name {cost}. There are:\n{model} {upstream} {asked} {context} {context_tokens} {window} {percent}\n" +
      "{session_cost} {today_cost} {cache} {requests} {errors} {cwd}\n",
  });
});

test("--json prints the values", async () => {
  writeRecordFile(path, [answer, { ...answer, cost_picousd: null }]);
  const { exitCode, out } = await run({ args: ["--json"] });
  expect([exitCode, JSON.parse(out)]).toEqual([
    0,
    {
      model: "z-ai/glm-5.3",
      upstream: "openrouter",
      asked: "claude-opus-5-5",
      contextTokens: 10_500,
      window: 131_072,
      sessionCost: { usd: 0.01, unknown: 1 },
      todayCost: { usd: 0.01, unknown: 1 },
      cacheRate: 0.9,
      requests: 2,
      errors: 0,
      cwd: "/srv/project",
    },
  ]);
});

test("--setup prints what to paste and where, and touches no file", async () => {
  const { exitCode, out, err } = await run({ args: ["--setup"] });
  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toBe(`Paste these lines into Claude Code's settings, behind their first {, and put a
comma after them if more follows. The file is
${home}/.claude/settings.json

  "statusLine": {
    "type": "command",
    "command": "${program} statusline",
    "refreshInterval": 2
  }

This command changes no file. If there is none yet, the whole of a new one is
what "settings" holds here: claude-proxy statusline --setup --json
`);
  expect(existsSync(join(home, ".claude"))).toBe(false);
});

test("--setup --json has the command, quoted for a shell that really runs it", async () => {
  const command = `${program} statusline --format '{model} it'\\''s $HOME "x"'`;
  const { out } = await run({
    args: ["--setup", "--json", "--format", '{model} it\'s $HOME "x"'],
    env: { CLAUDE_CONFIG_DIR: "/srv/claude" },
  });
  expect(JSON.parse(out)).toEqual({
    file: "/srv/claude/settings.json",
    settings: { statusLine: { type: "command", command, refreshInterval: 2 } },
  });
  const child = Bun.spawn(["sh", "-c", command], {
    env: { HOME: home },
    stdin: Buffer.from(JSON.stringify(client)),
  });
  expect(await new Response(child.stdout).text()).toBe('Opus 5.5 it\'s $HOME "x"\n');
});

test("it loads no package, and little else: the client runs it every other second", async () => {
  const { modules, packages } = await findStartImports([
    "src/main.ts",
    "src/cli/terminal.ts",
    "src/cli/statusline/run-alone.ts",
  ]);
  expect(packages).toEqual([]);
  expect(modules.length).toBeLessThanOrEqual(28);
  // Each module of Node takes a twentieth of the time; on a usual system the line needs none.
  const own = modules.filter((module) =>
    /^import (?!type ).*"node:/m.test(readFileSync(join(import.meta.dir, "../../..", module), "utf8")),
  );
  expect(own).toEqual([]);
});
