import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(import.meta.dir, "../..");

test("a case that fails is kept by the runner, and tried again in every run", () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-proxy-fuzz-"));
  const run = (keeps: "0" | "1") => {
    const command = [process.execPath, "test", "--no-env-file", "./test/fixtures/fuzz/false-property.ts"];
    const env = { ...process.env, FUZZ_FIXTURES: folder, FUZZ_KEEP: keeps, FUZZ_SEED: "7" };
    return Bun.spawnSync(command, { cwd: project, env }).stderr.toString();
  };
  try {
    expect(run("0")).toContain("`bun run fuzz` keeps it as a fixture");
    expect(readdirSync(folder)).toEqual([]);
    const path = join(folder, "sevens/seed-7.json");
    expect(run("1")).toContain(`Kept as ${path}; name it after what it shows`);
    // The smallest case there is, in a form that can be read.
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual([{ latin1: "\u0007" }, "é\u0000"]);
    expect(run("0")).toContain("(fail) no bytes have a 7: sevens/seed-7.json");
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);
