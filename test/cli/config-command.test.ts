import { expect, test } from "bun:test";
import { z } from "zod";
import { buildConfigSchema } from "../../scripts/release/build-config-schema.ts";
import { runProgram } from "../../src/cli/run-program.ts";
import { fileSchema, schemaLine } from "../../src/config/file/file-schema.ts";
import { serverKeys } from "../../src/config/file/server-settings.ts";
import { createConfigFolder } from "../config/file/config-folder.ts";
import { createCollectingTerminal } from "./collecting-terminal.ts";

async function run(columns: number, ...args: string[]) {
  const terminal = createCollectingTerminal();
  const exitCode = await runProgram(["config", ...args], { ...terminal, columns });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

test("a good file is ok, with what it has, and its warnings", async () => {
  using folder = createConfigFolder();
  const path = folder.write(
    "c.yaml",
    "upstreams:\n  ollama: {}\n  b: { url: http://b.test/v1, key: canary-0123456789 }\nroutes: { default: b/m }\n",
  );
  const env = folder.write("c.env", "");
  const { exitCode, out, err } = await run(200, "check", "--config", path, "--env-file", env);
  expect([exitCode, out]).toEqual([0, `ok: ${path} has 2 upstreams, 1 route, 0 cases, 0 clients\n`]);
  expect(err.replaceAll("\n  ", " ")).toBe(
    `Warning: ${path}:3:8 upstreams.b.url: is not encrypted: a key and your code are sent to b.test in the clear. Use https:// if the server supports it.\n`,
  );
});

test("a faulty file has a line for each fault, which 80 columns hold", async () => {
  using folder = createConfigFolder();
  const path = folder.write("c.yaml", "upstreams:\n  ollama: { protocol: chatt }\nrutes: {}\n");
  const env = folder.write("c.env", "");
  const { exitCode, out, err } = await run(80, "check", "--config", path, "--env-file", env);
  expect([exitCode, out]).toEqual([2, ""]);
  expect(
    err
      .replaceAll(/\n {2}/g, " ")
      .split("\n")
      .slice(0, 2),
  ).toEqual([
    `${path}:2:13 upstreams.ollama.protocol: "chatt" is not one of chat, responses, anthropic, auto. Did you mean chat?`,
    `${path}:3:1 rutes: is no key here. Did you mean routes?`,
  ]);
  const wide = err.split("\n").filter((row) => row.length > 80 && row.trim().includes(" "));
  expect(wide).toEqual([]);
});

test("a faulty file stops the start, and is read before anything else is looked at", async () => {
  using folder = createConfigFolder();
  const path = folder.write(
    "c.yaml",
    "upstreams:\n  ollama: { protocol: chatt }\nroutes: { default: olama/x }\n",
  );
  const env = folder.write("c.env", "");
  const terminal = createCollectingTerminal();
  expect(await runProgram(["serve", "--config", path, "--env-file", env], terminal)).toBe(2);
  expect(terminal.err().split("\n").slice(0, 2)).toEqual([
    `${path}:2:13 upstreams.ollama.protocol: "chatt" is not one of chat, responses, anthropic, auto. Did you mean chat?`,
    `${path}:3:11 routes.default: "olama/x" names the upstream olama, which is not there. Did you mean ollama/x?`,
  ]);
  expect(terminal.out()).toBe("");
});

test("without a file it says where it would be, and nothing of other settings", async () => {
  using folder = createConfigFolder();
  const env = folder.write("c.env", "CONFIG_FILE=\n");
  const { exitCode, out, err } = await run(200, "check", "--env-file", env);
  expect([exitCode, out]).toEqual([2, ""]);
  expect(err).toMatch(
    /^There is no configuration file: \S+config\.yaml does not exist\.\n(?:\S+ is not read.+\n)*For another file: /,
  );
});

test("the schema is what a release ships, and knows every key", async () => {
  const { exitCode, out } = await run(80, "schema");
  expect(exitCode).toBe(0);
  const shape = z.object({
    $schema: z.string(),
    required: z.array(z.string()),
    properties: z.record(z.string(), z.looseObject({})),
  });
  const printed = shape.parse(JSON.parse(out));
  expect(printed.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(printed.required).toEqual(["upstreams"]);
  expect(Object.keys(printed.properties)).toEqual(Object.keys(fileSchema.shape));
  const server = z.object({ properties: z.record(z.string(), z.object({ description: z.string() })) });
  expect(Object.keys(server.parse(printed.properties["server"]).properties)).toEqual([...serverKeys]);
  const { $id, ...shipped } = z.looseObject({ $id: z.string() }).parse(JSON.parse(buildConfigSchema()));
  expect(shipped).toEqual(z.looseObject({}).parse(JSON.parse(out)));
  expect(schemaLine).toBe(`# yaml-language-server: $schema=${$id}`);
});
