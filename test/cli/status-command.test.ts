import { expect, test } from "bun:test";
import { runProgram } from "../../src/cli/run-program.ts";
import { createSettingsFile } from "../support/settings-file.ts";
import { startTestProxy } from "../support/start-proxy.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

async function run(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const terminal = createCollectingTerminal();
  const exitCode = await runProgram(args, terminal);
  return { exitCode, stdout: terminal.out(), stderr: terminal.err() };
}

function createSettings(port: number) {
  return createSettingsFile(`OPENAI_API_KEY=key\nBIG_MODEL_NAME=big\nSMALL_MODEL_NAME=small\nPORT=${port}\n`);
}

test("status is content with a proxy that answers, and not with none", async () => {
  const proxy = await startTestProxy("http://127.0.0.1:9/v1");
  using file = createSettings(proxy.port);
  const answered = await run("status", "--env-file", file.path);
  await proxy.stop();
  expect(answered).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(
      new RegExp(
        `^claude-proxy 0\\.0\\.0-test answers at ${proxy.url}, since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\.\n$`,
      ),
    ),
    stderr: "",
  });
  expect(await run("status", "--env-file", file.path)).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `No claude-proxy answers at ${proxy.url}.\n`,
  });
});

test("licenses says where they are when the program is not built", async () => {
  expect(await run("licenses")).toEqual({
    exitCode: 0,
    stdout:
      "claude-proxy is licensed under the MIT licence, see LICENSE. The licences of other works are in node_modules.\n",
    stderr: "",
  });
});

test("a service is not installed from the source", async () => {
  expect(await run("service", "install")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "A service needs the built program. Run: bun run build\n",
  });
});
