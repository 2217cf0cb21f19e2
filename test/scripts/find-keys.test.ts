import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findKeys, findPathsBelow } from "../../scripts/find-keys.ts";

const projectFolder = join(import.meta.dir, "../..");

/** The only private key that is here: of a server on the loopback, for tests, signed by nobody. */
const knownFiles = new Set(["test/fixtures/certificates/server-key.pem"]);

test.skipIf(!existsSync(join(projectFolder, ".git")))("no file of the repository holds a key", () => {
  const listed = Bun.spawnSync(["git", "ls-files", "-z"], { cwd: projectFolder });
  const paths = listed.stdout.toString().split("\0");
  const files = paths.filter((path) => path !== "" && !knownFiles.has(path));
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((path) => {
    const absolute = join(projectFolder, path);
    return existsSync(absolute)
      ? findKeys(readFileSync(absolute, "latin1")).map((key) => `${path}: ${key}`)
      : [];
  });
  expect(found).toEqual([]);
});

describe("a key is found", () => {
  // In pieces, or this file would hold what it looks for.
  const random = "q7Rz2LmXv9KpT4sWb8Yd3NcH6JgF5aQe";
  test.each([
    ["OpenAI's", `sk-${random}`],
    ["OpenAI's of a project", `sk-proj-${random}`],
    ["Anthropic's", `sk-ant-api03-${random}`],
    ["OpenRouter's", `sk-or-v1-${random}`],
    ["Google's", `AIza${random}abc`],
    ["GitHub's", `ghp_${random}`],
    ["GitHub's newer", `github_pat_${random}`],
    ["AWS's", `AKIA${"Q7RZ2LMXV9KPT4SW"}`],
    ["Slack's", `xoxb-${random}`],
    ["npm's", `npm_${random}wXyZ`],
    ["Groq's", `gsk_${random}`],
    ["Hugging Face's", `hf_${random}`],
    ["a token in three parts", `eyJ${random}.eyJ${random}.${random}`],
    ["a private key", `${"-".repeat(5)}BEGIN RSA PRIVATE KEY${"-".repeat(5)}\n${random}${random}\n`],
  ])("%s", (_name, key) => {
    expect(findKeys(`const a = "${key}";`)).toHaveLength(1);
  });

  test.each([
    ["what tests use", "sk-canary-upstream-5d41402abc4b2a76 sk-bench-0123456789abcdef AKIAIOSFODNN7EXAMPLE"],
    ["words", "task-management-and-other-things risk-of-everything-and-nothing ask-me"],
    ["a name of the form", "BEGIN PRIVATE KEY"],
  ])("but not %s", (_name, text) => {
    expect(findKeys(text)).toEqual([]);
  });
});

test("a path of a folder is found, its like inside another is not", () => {
  const text = "a /home/ann/proxy/src/main.ts b /$bunfs/home/ann/x c/home/ann/y (/home/ann)";
  expect(findPathsBelow(text, "/home/ann")).toEqual(["/home/ann/proxy/src/main.ts"]);
});
