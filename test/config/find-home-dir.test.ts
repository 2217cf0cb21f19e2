import { expect, test } from "bun:test";
import { join } from "node:path";

const main = join(import.meta.dir, "../../src/main.ts");
const asStranger = ["setpriv", "--reuid=54321", "--clear-groups"];

/** Only root can become a user who does not exist, and that user must be able to read this clone. */
function canBecomeStranger(): boolean {
  if (process.getuid?.() !== 0 || Bun.which("setpriv") === null) return false;
  const tried = Bun.spawnSync([...asStranger, process.execPath, "--no-env-file", main, "--version"], {
    env: { PATH: "/usr/bin:/bin", HOME: "/" },
  });
  return tried.exitCode === 0;
}

test.skipIf(!canBecomeStranger())(
  "a user without a home folder is told so (needs root and a readable clone)",
  async () => {
    const env = {
      PATH: "/usr/bin:/bin",
      // With this the program does not start over.
      BUN_CONFIG_MAX_HTTP_REQUESTS: "8192",
      OPENAI_API_KEY: "sk-x",
      BIG_MODEL_NAME: "b",
      SMALL_MODEL_NAME: "s",
    };
    const program = Bun.spawn(
      [...asStranger, process.execPath, "--no-env-file", main, "serve", "--port", "0"],
      { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    );
    const [out, err, exitCode] = await Promise.all([
      program.stdout.text(),
      program.stderr.text(),
      program.exited,
    ]);
    expect({ out, exitCode }).toEqual({ out: "", exitCode: 2 });
    expect(err).toMatch(
      /^HOME is not set, and this user has no home folder \(.*\)\.\nSettings and the log are stored there\. Example: .*\n$/,
    );
  },
);
