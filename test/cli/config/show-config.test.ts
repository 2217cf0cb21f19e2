import { expect, test } from "bun:test";
import { z } from "zod";
import { runProgram } from "../../../src/cli/run-program.ts";
import { settingNames } from "../../../src/config/config-schema.ts";
import { createConfigFolder } from "../../config/file/config-folder.ts";
import { createCollectingTerminal } from "../collecting-terminal.ts";
import { runProgramIn } from "../run-program-in.ts";

const key = "canary-0123456789abcdef0123456789";
const record = "postgres://u:canary-0123456789@db.test/records?password=canary-0123456789";
const settings = `RECORD=${record}\nOPENAI_API_KEY=${key}\nBASE_URL=https://a.test/v1?api-key=canary-0123456789\nBIG_MODEL_NAME=big\nSMALL_MODEL_NAME=small\nPORT=8081\n`;

test("each setting stands with its value and where it came from; keys are masked", async () => {
  using folder = createConfigFolder();
  folder.write(".config/claude-proxy/.env", settings);
  const { exitCode, out } = await runProgramIn(folder.homeDir, ["config", "show"]);
  expect(exitCode).toBe(0);
  const lines = out.split("\n");
  expect(lines.slice(0, 6).map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
    "  config file  none (~/.config/claude-proxy/config.yaml does not exist)",
    "  .env file  ~/.config/claude-proxy/.env",
    "",
    "  OPENAI_API_KEY  ********  .env file",
    "  BASE_URL  https://a.test/v1?********  .env file",
    "  BIG_MODEL_NAME  big  .env file",
  ]);
  expect(lines.filter((line) => /^ {2}[A-Z_]+ /.test(line)).map((line) => line.trim().split(" ")[0])).toEqual(
    [...settingNames],
  );
  expect(out).toMatch(/^ {2}PORT +8081 +\.env file$/m);
  expect(out).toMatch(/^ {2}HOST +127\.0\.0\.1 +default$/m);
  expect(out).toMatch(/^ {2}PROXY_API_KEY +none +default$/m);
  expect(out).toMatch(/^ {2}RECORD +postgres:\/\/u:\*{8}@db\.test\/records\?\*{8} +\.env file$/m);
  expect(out).not.toMatch(/canary/);
});

const file = `server: { port: 8082, log_level: DEBUG }
upstreams:
  a: { url: https://a.test/v1, key: "${key}" }
routes: { default: a/m }
`;

test("a configuration file stands among the sources, and its upstreams and routes below", async () => {
  using folder = createConfigFolder(file);
  const { exitCode, out } = await runProgramIn(folder.homeDir, ["config", "show"]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^ {2}config file +~\/\.config\/claude-proxy\/config\.yaml$/m);
  expect(out).toMatch(/^ {2}PORT +8082 +config file$/m);
  expect(out).toMatch(/^ {2}a {9}a\.test {2}auto \(chat\) {2}auto \(generic\) {2}1$/m);
  expect(out).toMatch(/^ {2}default {4}a\/m$/m);
  expect(out).not.toMatch(/canary|BIG_MODEL_NAME/);
});

test("the JSON has the same, with paths", async () => {
  using folder = createConfigFolder(file);
  const { exitCode, out } = await runProgramIn(folder.homeDir, ["config", "show", "--json"]);
  expect(exitCode).toBe(0);
  const shown = z
    .strictObject({
      configFile: z.string(),
      envFile: z.null(),
      settings: z.record(z.string(), z.strictObject({ value: z.string().nullable(), source: z.string() })),
      file: z.looseObject({ routes: z.unknown() }),
    })
    .parse(JSON.parse(out));
  expect(shown.settings["LOG_LEVEL"]).toEqual({ value: "DEBUG", source: folder.path });
  expect(shown.settings["RECORD"]).toEqual({ value: "on", source: "default" });
  expect(shown.settings["BUDGET_UNKNOWN_PRICE"]).toEqual({ value: "5/25", source: "default" });
  expect(shown.file.routes).toEqual([{ asked: "default", to: ["a/m"] }]);
  expect(out).not.toContain("canary");
});

test.each([40, 80])("at %d columns no row is wider", async (columns) => {
  using folder = createConfigFolder();
  const path = folder.write("c.yaml", file);
  const env = folder.write("c.env", "");
  const terminal = createCollectingTerminal();
  expect(
    await runProgram(["config", "show", "--config", path, "--env-file", env], { ...terminal, columns }),
  ).toBe(0);
  expect(
    terminal
      .out()
      .split("\n")
      .filter((line) => line.length > columns),
  ).toEqual([]);
});

test("settings that do not allow a start have their faults told, and exit code 2", async () => {
  using folder = createConfigFolder();
  folder.write(".config/claude-proxy/.env", settings.replace("8081", "many"));
  const { exitCode, out, err } = await runProgramIn(folder.homeDir, ["config", "show"]);
  expect([exitCode, out]).toEqual([2, ""]);
  expect(err).toStartWith('PORT="many" must be a whole number');
});
