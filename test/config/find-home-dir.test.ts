import { expect, test } from "bun:test";
import { join } from "node:path";

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)(
  "a user without a home folder is told so, in a line (needs root, to become such a user)",
  async () => {
    const main = join(import.meta.dir, "../../src/main.ts");
    // An environment that says it all keeps the program from starting over.
    const env = {
      PATH: "/usr/bin:/bin",
      BUN_CONFIG_MAX_HTTP_REQUESTS: "8192",
      OPENAI_API_KEY: "sk-x",
      BIG_MODEL_NAME: "b",
      SMALL_MODEL_NAME: "s",
    };
    const program = Bun.spawn(
      [
        "setpriv",
        "--reuid=54321",
        "--clear-groups",
        process.execPath,
        "--no-env-file",
        main,
        "serve",
        "--port",
        "0",
      ],
      { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    );
    const [out, err, exitCode] = await Promise.all([
      program.stdout.text(),
      program.stderr.text(),
      program.exited,
    ]);
    expect({ out, exitCode }).toEqual({ out: "", exitCode: 2 });
    expect(err).toMatch(
      /^HOME is not set, and this user has no home folder \(.*\)\.\nSettings and the log lie below it\. Example: .*\n$/,
    );
  },
);
