// Tries a built program the way a user would: `bun scripts/smoke.ts dist/claude-proxy`. Needs no key and no network.
// Then looks into it for keys, and for paths of the machine that built it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findKeys, findPathsBelow } from "./find-keys.ts";
import { countExpectedTokens, exerciseProxy } from "./release/smoke/exercise-proxy.ts";
import { runDirectly } from "./release/smoke/ways-to-run.ts";

const program = process.argv[2] ?? "dist/claude-proxy";

interface Trial {
  args: string[];
  exitCode: number;
  /** Found in what the program writes. */
  words: RegExp;
}

const trials: Trial[] = [
  { args: ["--version"], exitCode: 0, words: /^\d+\.\d+\.\d+ \(.*Bun \d+\.\d+\.\d+\)$/m },
  { args: ["--help"], exitCode: 0, words: /serve/ },
];

let failures = 0;
for (const { args, exitCode, words } of trials) {
  const startedAt = performance.now();
  const run = Bun.spawnSync([program, ...args], { timeout: 60_000 });
  const text = run.stdout.toString() + run.stderr.toString();
  const isRight = run.exitCode === exitCode && words.test(text);
  console.log(
    `${isRight ? "ok  " : "FAIL"}  ${args.join(" ")}  ${Math.round(performance.now() - startedAt)} ms`,
  );
  if (!isRight) {
    failures += 1;
    console.log(`Exit code ${run.exitCode} instead of ${exitCode}, or ${words} is not in:\n${text}`);
  }
}

/** What is wrong with the page that the program has in it; null if it is served with its script. */
async function findPageFault(): Promise<string | null> {
  const home = mkdtempSync(join(tmpdir(), "claude-proxy-smoke-"));
  const child = Bun.spawn([resolve(program), "serve"], {
    cwd: home,
    env: {
      HOME: home,
      USERPROFILE: home,
      PORT: "0",
      BASE_URL: "http://127.0.0.1:9/v1",
      OPENAI_API_KEY: "example",
      BIG_MODEL_NAME: "big",
      SMALL_MODEL_NAME: "small",
    },
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 60_000,
  });
  try {
    const url = await readUrl(child.stdout);
    const texts = await Promise.all(
      ["/dashboard", "/dashboard/page.js", "/dashboard/page.css"].map(async (path) => {
        const response = await fetch(url + path, { proxy: "" });
        return response.ok ? await response.text() : `status ${response.status}`;
      }),
    );
    const wanted = ['src="/dashboard/page.js"', "/dashboard/api/", "color-scheme"];
    const missing = wanted.filter((words, index) => texts[index]?.includes(words) !== true);
    return missing.length === 0 ? null : `missing: ${missing.join(", ")}`;
  } finally {
    child.kill();
    await child.exited;
    rmSync(home, { recursive: true, force: true });
  }
}

/** Where the program says that it listens. Throws if it ends without. */
async function readUrl(output: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of output) {
    text += decoder.decode(bytes, { stream: true });
    const url = /listens at (\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the program does not listen: ${text}`);
}

const pageFault = await findPageFault();
console.log(`${pageFault === null ? "ok  " : "FAIL"}  serves its dashboard`);
if (pageFault !== null) {
  failures += 1;
  console.log(pageFault);
}

/** What is wrong with the proxy or with one of the commands; null if all do what they should. */
async function findFault(): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-smoke-"));
  try {
    console.log(await exerciseProxy(runDirectly(resolve(program)), folder, await countExpectedTokens()));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fault = await findFault();
console.log(`${fault === null ? "ok  " : "FAIL"}  every command`);
if (fault !== null) {
  failures += 1;
  console.log(fault);
}

const inside = readFileSync(program, "latin1");
const projectFolder = join(import.meta.dir, "..");
const leaks = [
  ...findKeys(inside),
  ...[projectFolder, homedir()].flatMap((path) => findPathsBelow(inside, path)),
];
// Sources that were packed tighter would show nothing.
const isReadable = inside.includes("wrong or missing client key");
const holdsNothing = isReadable && leaks.length === 0;
console.log(`${holdsNothing ? "ok  " : "FAIL"}  no key and no path of this machine inside`);
if (!holdsNothing) {
  failures += 1;
  console.log(isReadable ? leaks.join("\n") : "Its sources cannot be read");
}
process.exit(failures === 0 ? 0 : 1);
