// Tries a built program the way a user would: `bun scripts/smoke.ts dist/claude-proxy`. Needs no key and no network.
// Then looks into it for keys, and for paths of the machine that built it.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findKeys, findPathsBelow } from "./find-keys.ts";

const program = process.argv[2] ?? "dist/claude-proxy";

interface Trial {
  args: string[];
  exitCode: number;
  /** Found in what the program writes. */
  words: RegExp;
}

const trials: Trial[] = [
  { args: ["--version"], exitCode: 0, words: /^\d+\.\d+\.\d+/ },
  { args: ["--help"], exitCode: 0, words: /serve/ },
  { args: ["serve", "--port", "-1"], exitCode: 2, words: /PORT="-1" must be a whole number/ },
  { args: ["demo", "--once", "--port", "0"], exitCode: 0, words: /message_stop/ },
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
