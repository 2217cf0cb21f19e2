// Measures how long it takes from a fresh clone and an empty home to Claude Code's first answer, part by part:
// `bun scripts/first-answer.ts [--client PATH] [--binary PATH]`. The model is a server on this machine that answers at
// once, so that what is counted is ours, the client's, and the network's for packages. Claude Code is there already: in
// PATH, or where --client says. With --binary, a program that is built already takes the place of the clone.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: { client: { type: "string" }, binary: { type: "string" } },
});

const root = join(import.meta.dir, "..");
const program = process.platform === "win32" ? "claude-proxy.exe" : "claude-proxy";
const answer = "Hello from this machine.";

interface Part {
  readonly name: string;
  readonly seconds: number;
}

/** A server of Chat Completions: it calls the tool that a request forces or asks for alone, and else says hello. */
function startModel() {
  let firstAskedMs: number | null = null;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      if (request.method === "GET") {
        return Response.json({ object: "list", data: [{ id: "local/model", context_length: 131_072 }] });
      }
      firstAskedMs ??= performance.now();
      const body: { tools?: { function: { name: string } }[] } = JSON.parse(await request.text());
      const [tool, ...others] = body.tools ?? [];
      // The trial of `init` has one tool, Claude Code many.
      const call = tool !== undefined && others.length === 0 ? tool.function.name : null;
      return new Response(writeStream(call), { headers: { "content-type": "text/event-stream" } });
    },
  });
  return {
    baseUrl: `http://127.0.0.1:${server.port}/v1`,
    /** When it was first asked since the last call of this; null if it was not. */
    takeFirstAskedMs() {
      const at = firstAskedMs;
      firstAskedMs = null;
      return at;
    },
    stop: () => server.stop(true),
  };
}

function writeStream(tool: string | null): string {
  const call = { index: 0, id: "call_1", type: "function", function: { name: tool, arguments: "{}" } };
  const delta = tool === null ? { content: answer } : { tool_calls: [call] };
  const choices = [
    { index: 0, delta: { role: "assistant", ...delta }, finish_reason: null },
    { index: 0, delta: {}, finish_reason: tool === null ? "stop" : "tool_calls" },
  ];
  const head = { id: "answer", object: "chat.completion.chunk", created: 0, model: "local/model" };
  const usage = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 };
  const chunks = [
    ...choices.map((choice) => ({ ...head, choices: [choice] })),
    { ...head, choices: [], usage },
  ];
  return `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`;
}

/** Runs it to its end, and shows what it wrote if that is no success. */
async function run(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = Bun.spawn([...words], { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${out}${err}`);
  return out;
}

async function measure(name: string, work: () => Promise<unknown>): Promise<Part> {
  const startMs = performance.now();
  await work();
  return { name, seconds: (performance.now() - startMs) / 1000 };
}

/** An environment with nothing of this user's but his PATH, in which Claude Code is found first. */
function createEnvironment(folder: string): Record<string, string> {
  const found = options.client ?? Bun.which("claude");
  if (found === null) throw new Error("There is no claude in PATH. Name it: --client PATH");
  const programs = join(folder, "programs");
  mkdirSync(programs);
  symlinkSync(resolve(found), join(programs, process.platform === "win32" ? "claude.exe" : "claude"));
  const home = join(folder, "home");
  mkdirSync(home);
  return {
    PATH: [programs, process.env["PATH"] ?? ""].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  };
}

/** Clones and builds. */
async function makeProgram(folder: string, env: Record<string, string>): Promise<[Part[], path: string]> {
  if (options.binary !== undefined) return [[], resolve(options.binary)];
  const clone = join(folder, "clone");
  const parts = [
    await measure("git clone", () => run(["git", "clone", "--quiet", root, clone], folder, env)),
    await measure("npm run setup: Bun and the packages", () => run(["npm", "run", "setup"], clone, env)),
    await measure("npm run build", () => run(["npm", "run", "build"], clone, env)),
  ];
  return [parts, join(clone, "dist", program)];
}

/** Sets up, and asks Claude Code. */
async function ask(path: string, folder: string, env: Record<string, string>): Promise<Part[]> {
  const model = startModel();
  const work = join(folder, "work");
  mkdirSync(work);
  try {
    const flags = ["--yes", "--upstream", model.baseUrl, "--big-model", "local/model"];
    const init = await measure("claude-proxy init, with a trial", () =>
      run([path, "init", ...flags], work, env),
    );
    if (model.takeFirstAskedMs() === null) throw new Error("init has tried nothing");
    const startMs = performance.now();
    const said = await run([path, "run", "--", "-p", "hi"], work, env);
    const endMs = performance.now();
    const askedMs = model.takeFirstAskedMs();
    if (askedMs === null || !said.includes(answer)) throw new Error(`Claude Code said: ${said}`);
    return [
      init,
      { name: "claude-proxy run, until the model is asked", seconds: (askedMs - startMs) / 1000 },
      { name: "the answer, until Claude Code has ended", seconds: (endMs - askedMs) / 1000 },
    ];
  } finally {
    model.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), "claude-proxy-first-answer-"));
try {
  const env = createEnvironment(folder);
  const [made, path] = await makeProgram(folder, env);
  const parts = [...made, ...(await ask(path, folder, env))];
  const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  for (const { name, seconds } of [...parts, { name: "in all", seconds: total }]) {
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
  }
  console.log(`On ${process.platform} ${process.arch}, by a model that answers at once`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
