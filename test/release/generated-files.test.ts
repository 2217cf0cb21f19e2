import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildExampleEnv } from "../../scripts/release/build-example-env.ts";
import { buildFormula } from "../../scripts/release/build-formula.ts";
import { buildNotices } from "../../scripts/release/build-notices.ts";
import { buildSbom } from "../../scripts/release/build-sbom.ts";
import { buildScoopManifest } from "../../scripts/release/build-scoop-manifest.ts";
import { listBundledPackages } from "../../scripts/release/bundled-packages.ts";
import { scoopManifest } from "../../scripts/release/scoop-manifest-schema.ts";
import { formatArchiveName, releaseTargets } from "../../scripts/release/targets.ts";
import { settingNames } from "../../src/config/config-schema.ts";
import { parseEnvFile } from "../../src/config/parse-env-file.ts";

const root = join(import.meta.dir, "../..");
const fixtures = join(root, "test/fixtures/release");

/** An archive's checksum that says whose it is. */
const digests = new Map(
  releaseTargets.map((target) => {
    const name = formatArchiveName(target, "1.2.3");
    return [name, createHash("sha256").update(name).digest("hex")];
  }),
);

function expectGolden(name: string, text: string): void {
  const path = join(fixtures, name);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
}

test("the formula is written as recorded", () => {
  expectGolden("claude-proxy.rb", buildFormula("1.2.3", digests));
});

test.skipIf(Bun.which("ruby") === null)("the formula is Ruby", () => {
  const { exitCode, stderr } = Bun.spawnSync(["ruby", "-wc", join(fixtures, "claude-proxy.rb")]);
  expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
});

test("the manifest is written as recorded", () => {
  const manifest = `${JSON.stringify(buildScoopManifest("1.2.3", digests), null, 4)}\n`;
  expectGolden("claude-proxy.json", manifest);
});

test("the manifest follows Scoop's rules, which refuse what they do not know", () => {
  const manifest = buildScoopManifest("1.2.3", digests);
  expect(scoopManifest.safeParse(manifest).error?.message).toBeUndefined();
  expect(scoopManifest.safeParse({ ...manifest, binary: "claude-proxy.exe" }).success).toBe(false);
});

test("an archive without a checksum goes into no formula and no manifest", () => {
  const fewer = new Map([...digests].filter(([name]) => !name.includes("arm64")));
  expect(() => buildFormula("1.2.3", fewer)).toThrow("claude-proxy-1.2.3-macos-arm64.tar.gz has no checksum");
  expect(() => buildScoopManifest("1.2.3", fewer)).toThrow(
    "claude-proxy-1.2.3-windows-arm64.zip has no checksum",
  );
});

test("the list of contents is written as recorded, and the same again", () => {
  const facts = {
    version: "1.2.3",
    commit: "0123456789012345678901234567890123456789",
    time: new Date("2026-11-24T02:11:05Z"),
    bunVersion: "1.4.5",
    packages: [
      { name: "@scope/one", version: "1.0.0", license: "MIT", licenseText: "…", sha512: "ab".repeat(64) },
      {
        name: "two",
        version: "2.0.0-rc.1",
        license: "Apache-2.0",
        licenseText: "…",
        sha512: "cd".repeat(64),
      },
    ],
  };
  expectGolden("sbom.cdx.json", `${JSON.stringify(buildSbom(facts), null, 2)}\n`);
  expect(buildSbom(facts)).toEqual(buildSbom(facts));
});

test("every run-time dependency is among the notices, with the text of its licence", () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const packages = listBundledPackages(root);
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  const notices = buildNotices(packages, root, "1.4.5");
  for (const { name, version, license, licenseText, sha512 } of packages) {
    expect(notices).toContain(`${name} ${version} (${license})\n\n${licenseText}\n\n---`);
    expect(sha512).toMatch(/^[0-9a-f]{128}$/);
  }
  expect(notices).toContain(
    "Bun 1.4.5, the run-time the program is built with\n\nBun itself is MIT-licensed.",
  );
  expect(notices).toContain("JavaScriptCore (and WebKit), which is LGPL-2 licensed");
});

test("the example of an .env names every setting, and sets none", () => {
  const example = buildExampleEnv();
  const { values, faults } = parseEnvFile(example);
  expect(faults).toEqual([]);
  expect(values).toEqual({ OPENAI_API_KEY: "", BIG_MODEL_NAME: "", SMALL_MODEL_NAME: "" });
  for (const name of settingNames) {
    expect(example.match(new RegExp(`^(?:# )?${name}=$`, "gm"))).toHaveLength(1);
  }
});
